"""
A PyInstaller hook: the data files, and the modules that are imported when they are first needed.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

datas = collect_data_files("icatmapping")
hiddenimports = collect_submodules("icatmapping", filter=lambda name: "_pyinstaller" not in name)
