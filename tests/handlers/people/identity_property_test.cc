// Whatever organisations do with who people are, in any order: nobody is lost, nobody is shown to an
// organisation that was not let in, and no identifier leads to two. A model of a few lines says what must be
// so after every step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/handlers/people/identity.h"

namespace ipb::people {
namespace {

using ipb::testing::kCouncil;
using ipb::testing::kIcb;
using ipb::testing::kStranger;
using ipb::testing::NewNhsNumber;

constexpr unsigned kHistories = 40;
constexpr int kSteps = 70;
constexpr int kIdentifiers = 7;
const As kOrganisations[] = {kCouncil, kIcb, kStranger};

// Who people are, as simply as it can be said.
struct Model {
  std::map<int, std::string> leads;                  // an identifier to the person it was given to
  std::map<std::string, std::set<std::string>> own;  // a person to the organisations that were let in
  std::map<std::string, std::string> merged;         // a person to whom they were merged into

  bool Stands(const std::string& person) const { return merged.count(person) == 0; }
  std::string Survivor(std::string person) const {
    while (!Stands(person)) person = merged.at(person);
    return person;
  }
  std::string Finds(int identifier) const {
    const auto found = leads.find(identifier);
    return found == leads.end() ? "" : Survivor(found->second);
  }
  // Those let in to the person, or to anybody who was merged into them.
  std::set<std::string> Readers(const std::string& person) const {
    std::set<std::string> readers = own.at(person);
    for (const auto& [other, into] : merged) {
      if (into != person) continue;
      const std::set<std::string> theirs = Readers(other);
      readers.insert(theirs.begin(), theirs.end());
    }
    return readers;
  }
  bool Reads(const As& as, const std::string& person) const {
    return Readers(person).count(as.organisation) > 0;
  }
  bool Changes(const As& as, const std::string& person) const { return Stands(person) && Reads(as, person); }
  int CountHeld(const std::string& person) const {
    int count = 0;
    for (const auto& [identifier, holder] : leads) count += holder == person;
    return count;
  }
};

class History : public Identity {
 public:
  explicit History(unsigned seed) : random_(seed) {
    for (int i = 0; i < kIdentifiers; ++i) identifiers_.push_back(NhsNumber(NewNhsNumber()));
  }

  void Run() {
    for (int i = 0; i < kSteps && !::testing::Test::HasFailure(); ++i) {
      SCOPED_TRACE(absl::StrCat("step ", i));
      Step();
      Check();
    }
  }
  const std::map<std::string, int>& done() const { return done_; }

 private:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  const As& Someone() { return kOrganisations[Pick(3)]; }
  std::string Anyone() {
    return std::next(model_.own.begin(), Pick(static_cast<int>(model_.own.size())))->first;
  }

  // Mostly one who may, so that histories go on, and not always.
  As SomeoneFor(const std::string& person) {
    const std::set<std::string> readers = model_.Readers(person);
    const As as = Someone();
    if (Pick(100) < 15 || readers.count(as.organisation) > 0) return as;
    return As{*std::next(readers.begin(), Pick(static_cast<int>(readers.size())))};
  }

  void Step() {
    int identifier = Pick(kIdentifiers);
    const int what = model_.own.size() < 2 ? 0 : Pick(10);
    if (what == 0) return StepRegister(Someone(), identifier);
    std::string person = Anyone(), other = Anyone();
    if (what == 1) return StepAccept(SomeoneFor(person), person, Someone());
    if (what <= 4) return StepAdd(SomeoneFor(person), person, identifier);
    if (what == 5) return StepMerge(SomeoneFor(person), person, other);
    if (what <= 7 && !model_.merged.empty() && Pick(100) < 80) {
      const auto pair = std::next(model_.merged.begin(), Pick(static_cast<int>(model_.merged.size())));
      other = pair->first;
      person = pair->second;
    }
    if (what <= 7) return StepUndo(SomeoneFor(person), person, other);
    if (!model_.leads.empty() && Pick(100) < 80) {
      const auto held = std::next(model_.leads.begin(), Pick(static_cast<int>(model_.leads.size())));
      identifier = held->first;
      person = held->second;
    }
    if (what == 8) return StepRemove(SomeoneFor(person), person, identifier);
    StepSeparate(SomeoneFor(person), person, identifier);
  }

  void Expect(const char* verb, const Answer& answer, bool expected) {
    EXPECT_EQ(answer.ok(), expected) << verb << ": " << answer.status.error_message();
    done_[verb] += answer.ok();
  }

  void StepRegister(const As& as, int identifier) {
    const std::string known = model_.Finds(identifier);
    const Answer answer = Register(as, identifiers_[identifier]);
    Expect("register", answer, true);
    if (!known.empty()) {
      EXPECT_EQ(answer.person.name(), known);
      return;
    }
    model_.leads[identifier] = answer.person.name();
    model_.own[answer.person.name()] = {as.organisation};
  }

  void StepAccept(const As& as, const std::string& person, const As& whom) {
    const Answer answer = Accept(as, person, whom.organisation);
    if (answer.ok()) {
      EXPECT_TRUE(model_.Changes(as, person));
      model_.own[person].insert(whom.organisation);
    }
    done_["accept"] += answer.ok();
  }

  void StepAdd(const As& as, const std::string& person, int identifier) {
    const std::string known = model_.Finds(identifier);
    const Answer answer = Add(as, person, identifiers_[identifier]);
    Expect("add", answer, model_.Changes(as, person) && (known.empty() || known == person));
    if (answer.ok() && known.empty()) model_.leads[identifier] = person;
  }

  bool IsOneOfMany(int identifier, const std::string& person) const {
    const auto found = model_.leads.find(identifier);
    return found != model_.leads.end() && found->second == person && model_.CountHeld(person) > 1;
  }

  void StepRemove(const As& as, const std::string& person, int identifier) {
    const Answer answer = Remove(as, person, identifiers_[identifier]);
    Expect("remove", answer, model_.Changes(as, person) && IsOneOfMany(identifier, person));
    if (answer.ok()) model_.leads.erase(identifier);
  }

  void StepMerge(const As& as, const std::string& person, const std::string& survivor) {
    const Answer answer = Merge(as, person, survivor);
    Expect("merge", answer, person != survivor && model_.Changes(as, person) && model_.Changes(as, survivor));
    if (answer.ok()) model_.merged[person] = survivor;
  }

  void StepUndo(const As& as, const std::string& person, const std::string& merged) {
    const auto found = model_.merged.find(merged);
    const bool is_merged = found != model_.merged.end() && found->second == person;
    const Answer answer = Undo(as, person, merged);
    Expect("undo", answer, model_.Changes(as, person) && is_merged);
    if (answer.ok()) model_.merged.erase(merged);
  }

  void StepSeparate(const As& as, const std::string& person, int identifier) {
    const Answer answer = Separate(as, person, {identifiers_[identifier]});
    Expect("separate", answer, model_.Changes(as, person) && IsOneOfMany(identifier, person));
    if (!answer.ok()) return;
    const std::string separated = answer.person.separations().rbegin()->separated();
    EXPECT_EQ(model_.own.count(separated), 0u);
    model_.own[separated] = model_.Readers(person);
    model_.leads[identifier] = separated;
  }

  void Check() {
    for (int i = 0; i < kIdentifiers; ++i) {
      const std::string person = model_.Finds(i);
      for (const As& as : kOrganisations) {
        const Answer found = Lookup(as, identifiers_[i]);
        const bool expected = !person.empty() && model_.Reads(as, person);
        EXPECT_EQ(found.ok(), expected) << "identifier " << i << " for " << as.organisation;
        EXPECT_EQ(found.person.name(), expected ? person : "")
            << "identifier " << i << " for " << as.organisation;
        EXPECT_TRUE(found.ok() || found.status.error_code() == grpc::NOT_FOUND);
      }
    }
    std::map<std::string, int> holders;
    for (const auto& [person, ignored] : model_.own) CheckPerson(person, holders);
    for (const auto& [claim, count] : holders) EXPECT_EQ(count, 1) << claim << " leads to several";
    EXPECT_EQ(holders.size(), model_.leads.size());
  }

  void CheckPerson(const std::string& person, std::map<std::string, int>& holders) {
    bool counted = false;
    for (const As& as : kOrganisations) {
      const Answer read = Get(as, person);
      EXPECT_EQ(read.ok(), model_.Reads(as, person)) << person << " for " << as.organisation;
      if (!read.ok() || counted) continue;
      counted = true;
      EXPECT_EQ(read.person.merged_into(), model_.Stands(person) ? "" : model_.merged.at(person));
      for (const v1::HeldIdentifier& one : read.person.identifiers())
        holders[one.claim()] += !one.has_removal();
    }
    EXPECT_TRUE(counted) << person << " is lost: no organisation reads them";
    std::erase_if(holders, [](const auto& holder) { return holder.second == 0; });
  }

  std::mt19937 random_;
  std::vector<v1::Identifier> identifiers_;
  Model model_;
  std::map<std::string, int> done_;
};

TEST(IdentityProperty, NobodyIsLostOrShownToStrangersOrFoundTwice) {
  std::map<std::string, int> done;
  for (unsigned seed = 1; seed <= kHistories && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    History history(seed);
    history.Run();
    for (const auto& [verb, count] : history.done()) done[verb] += count;
  }
  for (const char* verb : {"register", "accept", "add", "remove", "merge", "undo", "separate"}) {
    EXPECT_GT(done[verb], 10) << verb << " was hardly ever allowed";
  }
}

}  // namespace
}  // namespace ipb::people
