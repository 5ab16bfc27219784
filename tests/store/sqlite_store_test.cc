#include "tests/store/sqlite_backend.h"

namespace ipb::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite,
                         testing::Values(BackendCase{"file", SqliteInFile},
                                         BackendCase{"memory", SqliteInMemory}),
                         NameOf);

}  // namespace
}  // namespace ipb::store
