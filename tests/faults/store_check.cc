#include "tests/faults/store_check.h"

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/call/call.h"
#include "common/identifiers/digest.h"
#include "ipb/v1/changes_service.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payment.pb.h"
#include "services/payments/rules/ledger.h"
#include "services/payments/rules/payment.h"
#include "tests/async/wait.h"

namespace ipb::faults {
namespace {

constexpr size_t kPage = 500;

// Every subject that ever changed, with the highest revision that the change stream tells.
std::map<std::string, int64_t> SubjectsOf(store::Store& store, Findings& findings) {
  std::map<std::string, int64_t> subjects;
  store::Cursor cursor;
  while (true) {
    auto tail = async::Wait(store.Tail(cursor, kPage));
    if (!tail.ok()) {
      findings.complaints.push_back(absl::StrCat("the change stream cannot be read: ", tail.status().message()));
      return subjects;
    }
    if (tail->changes.empty()) return subjects;
    for (const store::Change& change : tail->changes) {
      int64_t& last = subjects[change.subject];
      if (change.revision != last + 1) {
        findings.complaints.push_back(absl::StrCat(change.subject, ": change ", change.revision, " follows ", last));
      }
      last = change.revision;
    }
    cursor = std::move(tail->next);
  }
}

// The history has one entry a revision, and each carries the digest of the one before.
void CheckHistory(store::Store& store, const std::string& subject, int64_t revision, Findings& findings) {
  std::string digest;
  int64_t read = 0;
  while (true) {
    const auto entries = async::Wait(store.History(subject, read, kPage));
    if (!entries.ok() || entries->empty()) break;
    for (const std::string& text : *entries) {
      v1::HistoryEntry entry;
      const bool parsed = entry.ParseFromString(text);
      ++read;
      if (!parsed || entry.revision() != read || entry.previous_digest() != digest) {
        findings.complaints.push_back(absl::StrCat(subject, ": history entry ", read, " does not follow the one before"));
      }
      digest = identifiers::Sha256(text);
    }
  }
  if (read != revision) {
    findings.complaints.push_back(absl::StrCat(subject, ": ", read, " history entries for revision ", revision));
  }
  findings.commits += read;
}

std::map<std::string, std::string> RecordsOf(store::Store& store, const std::string& subject) {
  std::map<std::string, std::string> records;
  std::string after;
  while (true) {
    const auto page = async::Wait(store.List(subject, "", after, kPage));
    if (!page.ok() || page->empty()) return records;
    for (const store::Record& record : *page) records[record.name] = record.data;
    after = page->back().name;
  }
}

void CheckLedger(const std::string& subject, const std::map<std::string, std::string>& records, Findings& findings) {
  std::vector<v1::Transaction> transactions;
  std::set<std::string> live;
  for (const auto& [name, data] : records) {
    if (absl::StartsWith(name, "transactions/")) {
      v1::Transaction& transaction = transactions.emplace_back();
      transaction.ParseFromString(data);
      const absl::Status sound = payments::CheckTransaction(transaction);
      if (!sound.ok()) findings.complaints.push_back(absl::StrCat(transaction.name(), ": ", sound.message()));
    }
    v1::Payment payment;
    const bool is_payment = absl::StartsWith(name, "payments/") && !absl::EndsWith(name, "/explanation") &&
                            payment.ParseFromString(data);
    if (is_payment && payments::IsLive(payment) && !live.insert(payments::IdentityRecord(payment)).second) {
      findings.complaints.push_back(absl::StrCat(payment.name(), " pays what another payment pays"));
    }
  }
  findings.transactions += static_cast<int64_t>(transactions.size());
  for (const auto& [name, data] : records) {
    v1::Balance balance;
    if (!absl::EndsWith(name, "/balance") || !balance.ParseFromString(data)) continue;
    const absl::Status derived = payments::CheckBalance(balance, transactions);
    if (!derived.ok()) findings.complaints.push_back(absl::StrCat(subject, "/", name, ": ", derived.message()));
    ++findings.balances;
  }
}

}  // namespace

void CheckSpace(store::Store& store, const std::string& space, Findings& findings) {
  for (const auto& [subject, revision] : SubjectsOf(store, findings)) {
    ++findings.subjects;
    if (absl::StartsWith(subject, "people/")) findings.people.insert(subject);
    const auto loaded = async::Wait(store.Load({subject, "", {}}));
    if (!loaded.ok() || loaded->revision.counter != revision) {
      findings.complaints.push_back(absl::StrCat(subject, ": the subject is not at revision ", revision));
    }
    CheckHistory(store, subject, revision, findings);
    const std::map<std::string, std::string> records = RecordsOf(store, subject);
    for (const auto& [name, data] : records) findings.work_left += absl::StartsWith(name, "work/") ? 1 : 0;
    if (space == "payments") CheckLedger(subject, records, findings);
  }
}

void CheckWork(store::Store& store, absl::Time due_by, Findings& findings) {
  state::v1::WorkItem latest;
  call::SetTime(due_by + absl::Seconds(1), latest.mutable_due_time());
  const auto due =
      async::Wait(store.Scan(call::kWorkIndex, "", call::WorkKeyOf(latest), std::nullopt, kPage));
  if (!due.ok()) {
    findings.complaints.push_back(absl::StrCat("work cannot be read: ", due.status().message()));
    return;
  }
  for (const store::IndexEntry& entry : *due) {
    findings.complaints.push_back(absl::StrCat(entry.subject, "/", entry.name, " was due at ", entry.key));
  }
}

}  // namespace ipb::faults
