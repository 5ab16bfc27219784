#include "common/policy/policy.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/identifiers/digest.h"
#include "common/policy/policy_file.h"
#include "common/policy/rows.h"

namespace ipb::policy {
namespace {

namespace fs = std::filesystem;

constexpr size_t kVersionDigits = 16;
constexpr size_t kMaximumErrors = 50;

// The paths of all policy files, sorted. A folder mounted by Kubernetes is full of links, and of folders
// whose names begin with two dots and hold the same files again.
absl::StatusOr<std::vector<fs::path>> PathsOf(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (absl::StartsWith(name, ".")) {
      at.disable_recursion_pending();
    } else if (at->path().extension() == ".textproto" && at->is_regular_file()) {
      paths.push_back(at->path());
    }
  }
  if (error)
    return absl::NotFoundError(absl::StrCat("the policy folder ", folder.string(), ": ", error.message()));
  if (paths.empty()) return absl::NotFoundError(absl::StrCat("no policy files in ", folder.string()));
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::StatusOr<PolicyFile> Read(const fs::path& folder, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream bytes;
  bytes << stream.rdbuf();
  if (!stream) return absl::NotFoundError(absl::StrCat("the policy file ", path.string(), " cannot be read"));
  PolicyFile file;
  file.name = path.lexically_relative(folder).generic_string();
  file.bytes = bytes.str();
  return file;
}

// An organisation that does not end has no successor, and a successor is one that some file knows.
void CheckSuccessors(const std::vector<PolicyFile>& files, const std::set<std::string>& known,
                     std::vector<std::string>& errors) {
  for (const PolicyFile& file : files) {
    for (int i = 0; i < file.document.organisations_size(); ++i) {
      const v1::Organisation& organisation = file.document.organisations(i);
      const std::string at = absl::StrCat(
          file.name, ":", LineOf(file, absl::StrCat("organisations[", i, "]")), ": ", organisation.code());
      if (organisation.succeeded_by_size() > 0 && organisation.provenance().effective_to_date().empty()) {
        errors.push_back(absl::StrCat(at, " has a successor and no last day"));
      }
      for (const std::string& successor : organisation.succeeded_by()) {
        if (known.count(successor) > 0) continue;
        errors.push_back(absl::StrCat(at, " is succeeded by ", successor, ", which no file knows"));
      }
    }
  }
}

// What only shows when all files are seen together.
void CheckTogether(const std::vector<PolicyFile>& files, std::vector<std::string>& errors) {
  std::vector<Row> rows;
  std::set<std::string> known;
  for (const PolicyFile& file : files) {
    std::vector<Row> of_file = RowsOf(file);
    rows.insert(rows.end(), of_file.begin(), of_file.end());
    for (const v1::Organisation& organisation : file.document.organisations())
      known.insert(organisation.code());
  }
  CheckOverlaps(std::move(rows), errors);
  CheckSuccessors(files, known, errors);
  for (const PolicyFile& file : files) {
    const std::string& organisation = file.document.organisation();
    if (organisation.empty() || known.count(organisation) > 0) continue;
    errors.push_back(absl::StrCat(file.name, ":", LineOf(file, "organisation"), ": no file names ",
                                  organisation, " among its organisations"));
  }
}

absl::Status Faults(std::vector<std::string> errors) {
  const size_t count = errors.size();
  if (count > kMaximumErrors) errors.resize(kMaximumErrors);
  std::string message = absl::StrJoin(errors, "\n");
  if (count > kMaximumErrors) absl::StrAppend(&message, "\nand ", count - kMaximumErrors, " more");
  return absl::InvalidArgumentError(message);
}

std::string VersionOf(const std::vector<PolicyFile>& files) {
  std::string all;
  for (const PolicyFile& file : files) {
    absl::StrAppend(&all, file.name.size(), ":", file.name, file.bytes.size(), ":", file.bytes);
  }
  return identifiers::Sha256Hex(all).substr(0, kVersionDigits);
}

}  // namespace

Policy::Policy(const std::vector<v1::PolicyDocument>& documents, std::string version)
    : version_(std::move(version)) {
  for (const v1::PolicyDocument& document : documents) {
    v1::PolicyDocument& into = document.organisation().empty() ? national_ : local_[document.organisation()];
    into.MergeFrom(document);
    into.set_policy_version(version_);
    for (const v1::Organisation& organisation : document.organisations()) {
      const v1::Provenance& period = organisation.provenance();
      const absl::CivilDay last = period.effective_to_date().empty()
                                      ? absl::CivilDay::max()
                                      : dates::Checked(period.effective_to_date());
      terms_[organisation.code()].push_back(
          {dates::Checked(period.effective_from_date()), last, organisation.kind()});
      for (const std::string& successor : organisation.succeeded_by()) {
        successions_[successor].push_back({organisation.code(), last + 1});
      }
    }
  }
  national_.set_policy_version(version_);
}

const v1::PolicyDocument* Policy::local(absl::string_view organisation) const {
  const auto found = local_.find(organisation);
  return found == local_.end() ? nullptr : &found->second;
}

v1::CallerKind Policy::KindOf(absl::string_view organisation, absl::CivilDay day) const {
  const auto found = terms_.find(organisation);
  if (found == terms_.end()) return v1::CALLER_KIND_UNSPECIFIED;
  for (const Term& term : found->second) {
    if (term.first <= day && day <= term.last) return term.kind;
  }
  return v1::CALLER_KIND_UNSPECIFIED;
}

const v1::SpendingExclusion* Policy::FindExclusion(const v1::FundingShare& share,
                                                   v1::SpendingCategory category, v1::ManagementOption option,
                                                   absl::CivilDay day) const {
  const v1::CallerKind kind = KindOf(share.organisation(), day);
  const auto has = [](const auto& values, int value) {
    return values.empty() || std::find(values.begin(), values.end(), value) != values.end();
  };
  const auto matches = [&](const v1::SpendingExclusion& row) {
    return row.category() == category && row.funder_kind() == kind && has(row.bases(), share.basis()) &&
           has(row.management_options(), option);
  };
  const v1::SpendingExclusion* row =
      dates::InEffect(national_.care_planning().spending_exclusions(), day, matches);
  const v1::PolicyDocument* own = row == nullptr ? local(share.organisation()) : nullptr;
  return own == nullptr ? row : dates::InEffect(own->care_planning().spending_exclusions(), day, matches);
}

std::vector<std::string> Policy::ActsFor(absl::string_view organisation, absl::CivilDay day) const {
  std::vector<std::string> all = {std::string(organisation)};
  for (size_t i = 0; i < all.size(); ++i) {
    const auto found = successions_.find(all[i]);
    if (found == successions_.end()) continue;
    for (const Succession& succession : found->second) {
      const bool known = std::find(all.begin(), all.end(), succession.predecessor) != all.end();
      if (!known && succession.first <= day) all.push_back(succession.predecessor);
    }
  }
  return all;
}

bool Policy::ActsFor(absl::string_view organisation, absl::string_view other, absl::CivilDay day) const {
  if (organisation == other) return true;
  if (successions_.find(organisation) == successions_.end()) return false;
  const std::vector<std::string> all = ActsFor(organisation, day);
  return std::find(all.begin(), all.end(), other) != all.end();
}

absl::Status CheckConsidered(const v1::PolicyDocument& document, absl::string_view field) {
  PolicyFile file;
  file.name = std::string(field);
  file.document = document;
  std::vector<std::string> errors;
  CheckFile(file, errors);
  CheckOverlaps(RowsOf(file), errors);
  if (errors.empty()) return absl::OkStatus();
  std::vector<errors::FieldViolation> violations;
  for (std::string& error : errors) violations.push_back({file.name, std::move(error)});
  return errors::InvalidFields(violations);
}

absl::StatusOr<std::shared_ptr<const Policy>> Load(const std::string& folder) {
  const absl::StatusOr<std::vector<fs::path>> paths = PathsOf(folder);
  if (!paths.ok()) return paths.status();
  std::vector<PolicyFile> files;
  std::vector<std::string> errors;
  for (const fs::path& path : *paths) {
    absl::StatusOr<PolicyFile> file = Read(folder, path);
    if (!file.ok()) return file.status();
    files.push_back(*std::move(file));
    const size_t before = errors.size();
    ParseFile(files.back(), errors);
    if (errors.size() == before) CheckFile(files.back(), errors);
  }
  if (errors.empty()) CheckTogether(files, errors);
  if (!errors.empty()) return Faults(std::move(errors));
  std::string version = VersionOf(files);
  std::vector<v1::PolicyDocument> documents;
  for (PolicyFile& file : files) documents.push_back(std::move(file.document));
  return std::make_shared<const Policy>(documents, std::move(version));
}

}  // namespace ipb::policy
