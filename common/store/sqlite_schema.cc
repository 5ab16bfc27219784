#include "common/store/sqlite_schema.h"

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"
#include "common/store/store.h"

namespace ipb::store::sqlite {
namespace {

// "ipbs", in the header of the file.
constexpr int kApplication = 0x69706273;
constexpr int kSchemaVersion = 1;

// Text columns are blobs, so that they compare bytewise whatever they hold. Times are microseconds since
// 1970.
constexpr char kTables[] = R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE subjects (
  id INTEGER PRIMARY KEY, space BLOB NOT NULL, subject BLOB NOT NULL, counter INTEGER NOT NULL,
  commit_id BLOB NOT NULL, head BLOB NOT NULL, access BLOB NOT NULL, UNIQUE (space, subject));

CREATE TABLE records (
  id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, name BLOB NOT NULL, revision INTEGER NOT NULL,
  data BLOB NOT NULL, UNIQUE (subject, name));

-- A reply that was trimmed is NULL.
CREATE TABLE replies (
  id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, request_key BLOB NOT NULL, space BLOB NOT NULL,
  revision INTEGER NOT NULL, time INTEGER NOT NULL, fingerprint BLOB NOT NULL, name BLOB NOT NULL, reply BLOB,
  UNIQUE (subject, request_key));
CREATE INDEX replies_to_trim ON replies (space, time) WHERE reply IS NOT NULL;

CREATE TABLE history (
  subject INTEGER NOT NULL, revision INTEGER NOT NULL, commit_id BLOB NOT NULL, entry BLOB NOT NULL,
  PRIMARY KEY (subject, revision)) WITHOUT ROWID;

CREATE TABLE entries (
  space BLOB NOT NULL, list BLOB NOT NULL, key BLOB NOT NULL, subject BLOB NOT NULL, name BLOB NOT NULL,
  PRIMARY KEY (space, list, key, subject, name)) WITHOUT ROWID;

-- Positions up to `trimmed` are gone; `last` was given last.
CREATE TABLE streams (
  space BLOB NOT NULL, part INTEGER NOT NULL, last INTEGER NOT NULL, trimmed INTEGER NOT NULL,
  PRIMARY KEY (space, part)) WITHOUT ROWID;

CREATE TABLE changes (
  space BLOB NOT NULL, part INTEGER NOT NULL, position INTEGER NOT NULL, subject INTEGER NOT NULL,
  revision INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (space, part, position)) WITHOUT ROWID;
)";

// Makes the tables, or leaves them if another process was faster.
void Create(Connection& connection) {
  connection.Execute("BEGIN IMMEDIATE");
  if (connection.Query("SELECT count(*) FROM sqlite_schema") == "0") {
    connection.Execute(kTables);
    connection.Execute(
        absl::StrCat("INSERT INTO meta VALUES ('epoch', lower(hex(randomblob(16)))), ('partitions', ",
                     kPartitions, "), ('pings', 0)"));
    connection.Execute(absl::StrCat("PRAGMA application_id = ", kApplication));
    connection.Execute(absl::StrCat("PRAGMA user_version = ", kSchemaVersion));
  }
  connection.Execute("COMMIT");
}

absl::Status Differs(const std::string& file, absl::string_view what, absl::string_view is, int expected) {
  return absl::FailedPreconditionError(
      absl::StrCat(file, " has ", what, " ", is, ", and this program works with ", expected));
}

// Reads nothing but the header and sqlite_schema, so that a file of another kind is left alone.
absl::StatusOr<bool> IsNew(const std::string& file, Connection& connection) {
  const std::string tables = connection.Query("SELECT count(*) FROM sqlite_schema");
  const std::string application = connection.Query("PRAGMA application_id");
  const std::string version = connection.Query("PRAGMA user_version");
  const absl::Status error = connection.TakeError();
  if (absl::IsFailedPrecondition(error)) {
    return absl::FailedPreconditionError(absl::StrCat(file, " is not an ipb store: ", error.message()));
  }
  if (!error.ok()) return error;
  if (tables == "0" && application == "0") return true;
  if (application != absl::StrCat(kApplication)) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, " is not an ipb store, but a database of another program"));
  }
  if (version != absl::StrCat(kSchemaVersion))
    return Differs(file, "schema version", version, kSchemaVersion);
  return false;
}

}  // namespace

absl::StatusOr<std::string> Prepare(const std::string& file, Connection& connection) {
  IPB_ASSIGN_OR_RETURN(const bool is_new, IsNew(file, connection));
  if (is_new) connection.Execute("PRAGMA page_size = 8192");
  const std::string journal = connection.Query("PRAGMA journal_mode = WAL");
  if (connection.ok() && journal != "wal" && journal != "memory") {
    return absl::FailedPreconditionError(
        absl::StrCat(file, " cannot have a write-ahead log where it is; its journal is ", journal));
  }
  connection.Execute("PRAGMA synchronous = FULL");
  connection.Execute("PRAGMA cache_size = -65536");
  if (is_new) Create(connection);
  const std::string partitions = connection.Query("SELECT value FROM meta WHERE key = 'partitions'");
  std::string epoch = connection.Query("SELECT value FROM meta WHERE key = 'epoch'");
  const absl::Status error = connection.TakeError();
  if (!error.ok()) {
    connection.Rollback();
    return error;
  }
  if (partitions != absl::StrCat(kPartitions)) return Differs(file, "partitions", partitions, kPartitions);
  return epoch;
}

}  // namespace ipb::store::sqlite
