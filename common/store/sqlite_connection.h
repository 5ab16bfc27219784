// One SQLite connection and its prepared statements.
//
// Errors stick: after the first one statements do nothing and give nothing, until TakeError. So a sequence of
// statements is checked once, at its end, before its transaction is committed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ipb::store::sqlite {

class Connection;

// A prepared statement in use; given back when it goes out of scope. Parameters are bound in order.
class Statement {
 public:
  Statement(Connection* connection, sqlite3_stmt* prepared) : connection_(connection), prepared_(prepared) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(int64_t value);
  // The bytes must stay where they are while the statement is in use.
  Statement& Bind(absl::string_view bytes);
  Statement& BindNull();

  // True if there is a (next) row, whose columns are read with the calls below.
  bool Row();
  // Runs a statement that gives no rows.
  void Run();

  int64_t Integer(int column) const;
  std::string Bytes(int column) const;

 private:
  Connection* const connection_;
  sqlite3_stmt* const prepared_;
  int bound_ = 0;
};

// Not thread-safe: used by one thread at a time.
class Connection {
 public:
  // `file` may be ":memory:". UNAVAILABLE if the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& file);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The statement of a text that lives for ever; it is prepared once.
  Statement Use(const char* sql);
  // Runs statements that are needed once.
  void Execute(const std::string& sql);
  // The first column of the first row of a query that is needed once, as text; empty if there is none.
  std::string Query(const std::string& sql);

  // The first error since the last call, and forgets it. UNAVAILABLE, or FAILED_PRECONDITION if the file is
  // no database.
  absl::Status TakeError();
  bool ok() const { return error_.ok(); }

  // Ends the transaction under way, if there is one, without its writes.
  void Rollback();

  // Moves what the write-ahead log has gathered into the file, if it is much.
  void Checkpoint();

 private:
  friend class Statement;
  explicit Connection(sqlite3* database) : database_(database) {}
  void Failed(int code);

  sqlite3* const database_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  absl::Status error_;
  int wal_pages_ = 0;
};

}  // namespace ipb::store::sqlite
