// Gives the library a source that is compiled with the precompiled header.
