// Catch2 3 brings its own main; this file gives the library a source.
