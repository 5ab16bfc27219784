# Every package the project stands on, all from Debian 12; why each is chosen is in the README.
find_package(absl REQUIRED)
find_package(Protobuf MODULE REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(spdlog REQUIRED)
find_package(pugixml REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
# Prefixed, because gRPC looks for a package called re2 of its own.
pkg_check_modules(IPB_RE2 REQUIRED IMPORTED_TARGET re2)
# A call allocates on one thread what another frees: the C library's own allocator takes a fifth more of every call.
pkg_check_modules(IPB_JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
# Debian's Hiredis CMake configuration does not work, and libev ships no pkg-config file.
pkg_check_modules(IPB_HIREDIS REQUIRED IMPORTED_TARGET hiredis)
# Its -D_FILE_OFFSET_BITS=64 says nothing new on 64 bits, and would keep who links it from what is precompiled.
set_property(TARGET PkgConfig::IPB_HIREDIS PROPERTY INTERFACE_COMPILE_OPTIONS)
find_library(IPB_LIBEV ev REQUIRED)
if(IPB_TESTS)
  find_package(GTest REQUIRED)
endif()
