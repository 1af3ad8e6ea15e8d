@rem What exec is to a shell, so that the scripts of package.json run on both: cmd.exe has none, and looks here.
@%*
