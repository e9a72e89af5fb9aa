"""Editor: what an editor shows of a config while it is written. `server` speaks the Language Server Protocol.

All else here is of text, lines and columns from 0 on, and knows no editor. Models are read as a lint without options
reads them: nothing of them is run, and nothing outside the folder of the config is opened.
"""
