"""Work off the UI thread: tonics on a catalyst of the Studio's own. What they learn goes into the inbox."""
