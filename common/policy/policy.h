// Policy data as loaded: national rows and each organisation's local policy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/policy.pb.h"

namespace ipb::policy {

// All policy that a server decides by. Immutable and thread-safe.
class Policy {
 public:
  // Merges documents: those without an organisation are national, the others local; several of one kind are
  // joined in the order given. For tests and for Load, which checks them first.
  Policy(const std::vector<v1::PolicyDocument>& documents, std::string version);

  // The national rows; empty where there are none.
  const v1::PolicyDocument& national() const { return national_; }

  // An organisation's local policy; null where it has none. Lives as long as the policy.
  const v1::PolicyDocument* local(absl::string_view organisation) const;

  // What kind of body the organisation is on a day; CALLER_KIND_UNSPECIFIED where no row says so.
  v1::CallerKind KindOf(absl::string_view organisation, absl::CivilDay day) const;

  // The row by which the money of a share may not buy something of a category on a day: a national one, or else
  // one of the share's organisation; null where there is none. Rows that are only for some ways of holding
  // money count where the option is one of those. Lives as long as the policy.
  const v1::SpendingExclusion* FindExclusion(const v1::FundingShare& share, v1::SpendingCategory category,
                                             v1::ManagementOption option, absl::CivilDay day) const;

  // Whether the organisation is the other one or, on that day, succeeds it, directly or over others in
  // between.
  bool ActsFor(absl::string_view organisation, absl::string_view other, absl::CivilDay day) const;

  // Every organisation that it acts for on a day: itself first, then those that it succeeds.
  std::vector<std::string> ActsFor(absl::string_view organisation, absl::CivilDay day) const;

  // The digest of all files: 16 hexadecimal digits.
  const std::string& version() const { return version_; }

 private:
  struct Term {
    absl::CivilDay first;
    absl::CivilDay last;
    v1::CallerKind kind;
  };

  struct Succession {
    std::string predecessor;
    absl::CivilDay first;
  };

  v1::PolicyDocument national_;
  absl::flat_hash_map<std::string, v1::PolicyDocument> local_;
  absl::flat_hash_map<std::string, std::vector<Term>> terms_;
  // By successor.
  absl::flat_hash_map<std::string, std::vector<Succession>> successions_;
  std::string version_;
};

// INVALID_ARGUMENT with what Load would say of a document that a caller sends to have it considered: a period
// that ends before it begins, rows that overlap. `field` is where the document stands in the request; each
// fault names the rows by their paths below it.
absl::Status CheckConsidered(const v1::PolicyDocument& document, absl::string_view field);

// Loads every `*.textproto` below a folder; names that begin with a dot are passed over. NOT_FOUND where
// there are no files. INVALID_ARGUMENT with one line for each fault, "file:line: reason" (syntax errors with
// the column too): what does not parse, breaks a rule of the contract, ends before it begins, overlaps
// another row of the same kind (see rows.h), names a successor that no file knows or of an organisation
// that does not end, or is the local policy of an organisation that no file names
// among its `organisations`.
absl::StatusOr<std::shared_ptr<const Policy>> Load(const std::string& folder);

}  // namespace ipb::policy
