// Nothing: the library of this file exists for what it precompiles.
