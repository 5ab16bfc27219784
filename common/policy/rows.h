// The dated rows of policy: every message that has a `provenance` field of type Provenance is one, wherever
// it stands.
#pragma once

#include <string>
#include <vector>

#include "common/policy/policy_file.h"

namespace ipb::policy {

// One row, as far as it matters to whether two rows can both hold.
struct Row {
  // The name of its message type, for people.
  std::string type;
  // Equal for rows that answer the same question, so that their periods may not overlap: the place in the
  // document, the organisation, and the row's fields that the contract marks with `tells_rows_apart`. A type
  // without such a field has one row at a time, so that a mark forgotten is refused loudly and not
  // overlooked. Organisations are told apart by their code alone, across all files.
  std::string key;
  // ISO dates, both inclusive; an empty `to_date` is open.
  std::string from_date;
  std::string to_date;
  // Where it stands, for people: the file and the line, or the path in a document that no file has.
  std::string place;
};

// All rows of a file that was parsed.
std::vector<Row> RowsOf(const PolicyFile& file);

// Adds a message with both places for each two rows of one key whose periods overlap.
void CheckOverlaps(std::vector<Row> rows, std::vector<std::string>& errors);

}  // namespace ipb::policy
