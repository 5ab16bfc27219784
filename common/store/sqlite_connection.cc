#include "common/store/sqlite_connection.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "common/errors/errors.h"

namespace ipb::store::sqlite {
namespace {

constexpr int kBusyMilliseconds = 5000;
// From how many pages in the write-ahead log they are moved to the file; and from how many the log is also
// begun anew, which waits for readers for a moment and keeps it from growing while there is always one.
constexpr int kCheckpointPages = 2000;
constexpr int kRestartPages = 20000;

int OnCommit(void* pages, sqlite3*, const char*, int count) {
  *static_cast<int*>(pages) = count;
  return SQLITE_OK;
}

}  // namespace

Statement::~Statement() {
  if (!prepared_) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
}

Statement& Statement::Bind(int64_t value) {
  if (prepared_) sqlite3_bind_int64(prepared_, ++bound_, value);
  return *this;
}

Statement& Statement::Bind(absl::string_view bytes) {
  // A null pointer would bind NULL instead of no bytes.
  const char* data = bytes.empty() ? "" : bytes.data();
  if (prepared_) sqlite3_bind_blob64(prepared_, ++bound_, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::BindNull() {
  if (prepared_) sqlite3_bind_null(prepared_, ++bound_);
  return *this;
}

bool Statement::Row() {
  if (!prepared_ || !connection_->ok()) return false;
  const int code = sqlite3_step(prepared_);
  if (code != SQLITE_ROW && code != SQLITE_DONE) connection_->Failed(code);
  return code == SQLITE_ROW;
}

void Statement::Run() {
  while (Row()) {
  }
}

int64_t Statement::Integer(int column) const { return sqlite3_column_int64(prepared_, column); }

std::string Statement::Bytes(int column) const {
  const void* data = sqlite3_column_blob(prepared_, column);
  if (!data) return {};
  return std::string(static_cast<const char*>(data), sqlite3_column_bytes(prepared_, column));
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& file) {
  sqlite3* database = nullptr;
  constexpr int kFlags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &database, kFlags, nullptr);
  if (code != SQLITE_OK) {
    sqlite3_close_v2(database);
    return errors::StoreUnavailable(absl::StrCat(file, ": ", sqlite3_errstr(code)));
  }
  std::unique_ptr<Connection> connection(new Connection(database));
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  sqlite3_wal_hook(database, OnCommit, &connection->wal_pages_);
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, prepared] : statements_) sqlite3_finalize(prepared);
  sqlite3_close_v2(database_);
}

Statement Connection::Use(const char* sql) {
  if (!ok()) return Statement(this, nullptr);
  sqlite3_stmt*& prepared = statements_[sql];
  if (!prepared) {
    const int code = sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK) Failed(code);
  }
  return Statement(this, prepared);
}

void Connection::Execute(const std::string& sql) {
  if (!ok()) return;
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) Failed(code);
}

std::string Connection::Query(const std::string& sql) {
  if (!ok()) return {};
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(database_, sql.c_str(), -1, &prepared, nullptr);
  std::string text;
  if (code == SQLITE_OK) {
    code = sqlite3_step(prepared);
    const unsigned char* column = code == SQLITE_ROW ? sqlite3_column_text(prepared, 0) : nullptr;
    if (column) text = reinterpret_cast<const char*>(column);
  }
  if (code != SQLITE_ROW && code != SQLITE_DONE) Failed(code);
  sqlite3_finalize(prepared);
  return text;
}

void Connection::Failed(int code) {
  if (!error_.ok()) return;
  const std::string why = absl::StrCat(sqlite3_errmsg(database_), " (SQLite error ", code, ")");
  const bool other_kind = (code & 0xff) == SQLITE_NOTADB;
  error_ = other_kind ? absl::FailedPreconditionError(why) : errors::StoreUnavailable(why);
}

absl::Status Connection::TakeError() { return std::exchange(error_, absl::OkStatus()); }

void Connection::Rollback() {
  // Some errors have ended the transaction already.
  if (sqlite3_get_autocommit(database_)) return;
  sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Connection::Checkpoint() {
  if (wal_pages_ < kCheckpointPages) return;
  const int mode = wal_pages_ < kRestartPages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
  wal_pages_ = 0;
  // If it fails, nothing is lost: the log still has everything, and the next commit tries again.
  sqlite3_wal_checkpoint_v2(database_, nullptr, mode, nullptr, nullptr);
}

}  // namespace ipb::store::sqlite
