#include "tests/bench/sample.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/errors/status_macros.h"

namespace ipb::bench {
namespace {

constexpr char kSpending[] = "spendings/a1";
constexpr char kExplanation[] = "spendings/a1/explanation";
constexpr char kBalance[] = "agreements/a1/balance";
constexpr absl::string_view kNumber = "a1";

// The name of the resource that a record is of or below: its first two segments.
std::string ResourceOf(const std::string& record) {
  const size_t slash = record.find('/');
  return record.substr(0, slash == record.npos ? slash : record.find('/', slash + 1));
}

const store::Record* Find(const std::vector<store::Record>& records, const std::string& name) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&name](const store::Record& record) { return record.name == name; });
  return found == records.end() ? nullptr : &*found;
}

SampleRecord SampleOf(const store::Record& record, const std::vector<store::Record>& all) {
  SampleRecord sample;
  sample.data = record.data;
  sample.before = record.name;
  const std::string resource = ResourceOf(record.name);
  const store::Record* made = Find(all, resource);
  sample.numbered = made != nullptr && made->revision == record.revision;
  if (!sample.numbered) return sample;
  sample.before = resource.substr(0, resource.size() - kNumber.size());
  sample.after = record.name.substr(resource.size());
  return sample;
}

}  // namespace

std::string SampleRecord::Name(int64_t number) const {
  if (!numbered) return before;
  const std::string digits = absl::StrCat(number);
  return absl::StrCat(before, std::string(1, static_cast<char>('a' + digits.size() - 1)), digits, after);
}

async::Task<absl::StatusOr<Sample>> TakeSample(store::Store& payments, std::string person) {
  store::LoadRequest request;
  request.subject = person;
  auto loading = payments.Load(request);
  IPB_CO_ASSIGN_OR_RETURN(const store::LoadResult loaded, co_await loading);
  auto listing = payments.List(person, "", "", store::kMaximumPage);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::Record> records, co_await listing);
  auto reading = payments.History(person, loaded.revision.counter - 1, 1);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<std::string> history, co_await reading);
  const store::Record* spending = Find(records, kSpending);
  const store::Record* explanation = Find(records, kExplanation);
  const store::Record* balance = Find(records, kBalance);
  if (spending == nullptr || explanation == nullptr || balance == nullptr || history.size() != 1 ||
      spending->revision != loaded.revision.counter) {
    co_return absl::FailedPreconditionError(
        "the last commit to the first person is not that person's first spending");
  }
  Sample sample;
  sample.head = loaded.head;
  sample.history = history.front();
  for (const store::Record& record : records) {
    if (record.revision == loaded.revision.counter) sample.records.push_back(SampleOf(record, records));
  }
  sample.spending.ParseFromString(spending->data);
  sample.spending.mutable_explanation()->ParseFromString(explanation->data);
  sample.balance.ParseFromString(balance->data);
  co_return sample;
}

}  // namespace ipb::bench
