#include "tests/handlers/preview/known.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "common/dates/civil.h"
#include "common/names/names.h"

namespace ipb::preview {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

// Runs and uplifts.
bool IsOfManyPeople(const std::string& name) {
  return absl::StartsWith(name, "paymentRuns/") || absl::StartsWith(name, "uplifts/");
}

// The name of a resource of a person, run or uplift; empty for any other message.
std::string NameOf(const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("name");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return "";
  const std::string name = message.GetReflection()->GetString(message, field);
  return absl::StartsWith(name, "people/") || IsOfManyPeople(name) ? name : "";
}

}  // namespace

Known::Known(unsigned seed, absl::CivilDay today) : random_(seed), today_(today) {}

int Known::Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

std::string Known::Date(int days) const { return dates::Format(today_ + days); }

void Known::Turn() {
  std::vector<std::string> named;
  for (const KnownPerson& person : people_) {
    if (!person.name.empty()) named.push_back(person.name);
  }
  person_ = named[Pick(static_cast<int>(named.size()))];
}

void Known::Learn(const Message& message) {
  const auto* reflection = message.GetReflection();
  if (const std::string name = NameOf(message); !name.empty()) {
    const auto same = [&](const std::unique_ptr<Message>& seen) {
      return seen->GetDescriptor() == message.GetDescriptor() && NameOf(*seen) == name;
    };
    auto found = std::find_if(resources_.begin(), resources_.end(), same);
    if (found == resources_.end()) {
      resources_.emplace_back(message.New());
      found = std::prev(resources_.end());
    }
    (*found)->CopyFrom(message);
  }
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Learn(reflection->GetMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      Learn(reflection->GetRepeatedMessage(message, field, i));
    }
  }
}

bool Known::IsAtHand(const std::string& name) const {
  return names::Subject(name) == person_ || IsOfManyPeople(name);
}

}  // namespace ipb::preview
