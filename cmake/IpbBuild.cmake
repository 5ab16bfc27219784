# How this project builds: the options, the flags, and the three functions that every CMakeLists.txt below uses.

option(IPB_TESTS "Build the tests" ON)
set(IPB_SANITIZE "" CACHE STRING "Sanitisers for our own code: empty, 'address,undefined' or 'thread'")
set(IPB_PROTO_FROM "" CACHE PATH "Another build folder whose compiled contracts are linked instead of compiling them again")

option(IPB_COVERAGE "Count what tests run through, for tests/coverage/run" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(IPB_SANITIZE)
  # What the sanitisers add costs more time to optimise than it saves.
  set(CMAKE_CXX_FLAGS_RELEASE "-O0 -DNDEBUG")
endif()
if(IPB_COVERAGE)
  # Without exceptions, so that a call is no branch.
  set(CMAKE_CXX_FLAGS_RELEASE "-O0 -DNDEBUG --coverage -fno-exceptions")
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(IPB_CCACHE ccache)
if(IPB_CCACHE)
  # Without the sloppiness it does not cache what is compiled with a precompiled header. What is below the checkout has
  # relative names, so that another checkout compiles nothing that this one has.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true ${IPB_CCACHE})
endif()
foreach(linker mold lld)
  find_program(IPB_LINKER_${linker} NAMES ld.${linker} ${linker})
  if(IPB_LINKER_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()

# Warnings and sanitisers are for our own code; the generated contracts are compiled without either.
# All of our code has the same flags, -pthread among them, because what is precompiled fits no others.
add_library(ipb_flags INTERFACE)
target_compile_options(ipb_flags INTERFACE -Wall -Wextra -Werror -pthread)
target_link_options(ipb_flags INTERFACE -pthread)
target_include_directories(ipb_flags INTERFACE ${CMAKE_SOURCE_DIR})
if(IPB_SANITIZE)
  target_compile_options(ipb_flags INTERFACE -fsanitize=${IPB_SANITIZE} -fno-omit-frame-pointer -g1)
  target_link_options(ipb_flags INTERFACE -fsanitize=${IPB_SANITIZE})
  if(IPB_SANITIZE MATCHES undefined)
    target_compile_options(ipb_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()

# Three quarters of compiling a rule or a handler is reading the contracts and the headers below them. They are read once,
# into a precompiled header, for the folders that set IPB_PRECOMPILED to the target that has it.
function(ipb_precompile name)
  if(IPB_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${IPB_PRECOMPILED})
  endif()
endfunction()

# ipb_library(NAME [SRCS file...] [DEPS target...]): one room. Without SRCS it is headers only.
# Only what DEPS names can be included, which is how the build holds the layering of the house.
function(ipb_library name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  if(ARG_SRCS)
    add_library(${name} STATIC ${ARG_SRCS})
    target_link_libraries(${name} PUBLIC ipb_flags ${ARG_DEPS})
    ipb_precompile(${name})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ipb_flags ${ARG_DEPS})
  endif()
endfunction()

# ipb_binary(NAME SRCS file... [DEPS target...]): a program, placed in bin/ of the build folder.
function(ipb_binary name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SRCS})
  target_link_libraries(${name} PRIVATE ipb_flags ${ARG_DEPS})
  # The sanitisers bring an allocator of their own.
  if(NOT IPB_SANITIZE)
    target_link_libraries(${name} PRIVATE PkgConfig::IPB_JEMALLOC)
  endif()
  ipb_precompile(${name})
endfunction()

# Labels whose tests are not run under sanitisers: they read the source, or drive the real binaries as processes.
set(IPB_LABELS_NOT_SANITIZED contract process)

# The groups of tests, as targets, for builds that need only some: all, each label, and what runs under sanitisers.
foreach(group ipb_tests ipb_tests_sanitized ipb_tests_unit ipb_tests_async ipb_tests_store ipb_tests_contract)
  add_custom_target(${group})
endforeach()

# The label of tests that name none, by their folder.
function(ipb_label_of_folder label)
  set(found unit)
  foreach(folder async store contract)
    if(CMAKE_CURRENT_SOURCE_DIR MATCHES "^${CMAKE_SOURCE_DIR}/tests/(common/)?${folder}(/|$)")
      set(found ${folder})
    endif()
  endforeach()
  set(${label} ${found} PARENT_SCOPE)
endfunction()

# Adds a test to the targets `ipb_tests` (all), `ipb_tests_<label>` (each label) and `ipb_tests_sanitized`.
function(ipb_group_test name)
  set(groups ipb_tests)
  set(sanitized TRUE)
  foreach(label ${ARGN})
    list(APPEND groups ipb_tests_${label})
    if(label IN_LIST IPB_LABELS_NOT_SANITIZED)
      set(sanitized FALSE)
    endif()
  endforeach()
  if(sanitized)
    list(APPEND groups ipb_tests_sanitized)
  endif()
  foreach(group ${groups})
    if(NOT TARGET ${group})
      add_custom_target(${group})
    endif()
    add_dependencies(${group} ${name})
  endforeach()
endfunction()

# ipb_test(NAME SRCS file... [DEPS target...] [LABELS label...]): a GoogleTest program known to ctest.
# Without a label it has that of its folder: `async`, `store`, `contract`, else `unit`.
function(ipb_test name)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    ipb_label_of_folder(ARG_LABELS)
  endif()
  add_executable(${name} ${ARG_SRCS})
  ipb_group_test(${name} ${ARG_LABELS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE ipb_flags ${ARG_DEPS} GTest::gmock GTest::gtest_main)
  ipb_precompile(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT 300
    ENVIRONMENT "IPB_SOURCE_DIR=${CMAKE_SOURCE_DIR};IPB_BIN_DIR=${CMAKE_BINARY_DIR}/bin")
endfunction()
