// A random history on a suite of its own: previews, calls, and what others do in between, each of them
// judged.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/store/store.h"
#include "tests/handlers/preview/steps.h"

namespace ipb::preview {

// What is hosted together.
enum class Hosting {
  kWhole,          // all services
  kPaymentsAlone,  // people and payments, which learns of plans and budgets by statements
};

// How often each method came to which end.
struct Tally {
  std::map<std::string, int> agreed;    // the call did what its preview showed
  std::map<std::string, int> aborted;   // something had moved
  std::map<std::string, int> refused;   // the preview was a refusal
  std::map<std::string, int> replayed;  // the decision was made again, and came out the same
};

class History {
 public:
  History(unsigned seed, Hosting hosting, Tally& tally);

  // Makes so many steps; ends early where one failed.
  void Run(int steps);

 private:
  struct Made {
    std::string method;
    As as;
    std::unique_ptr<google::protobuf::Message> request;
  };
  using Answer = testing::RunningSuite::AnyReply;
  // Where each store's changes end. Every commit moves that, and nothing is written - no record, history,
  // index entry or work - but by a commit.
  using Written = std::vector<std::vector<std::string>>;

  // With the council and, accepted by it, the ICB.
  void Register(KnownPerson& person);
  void Refresh();
  std::optional<Made> Next(size_t services);
  void PreviewThenCall(Made made);
  // Calls it with validate_only; a failure where that wrote anything, in any service.
  Answer Preview(const Made& made);
  // What may happen between a preview and its call; gives whether anything did.
  bool Interleave(const Made& made);
  void StepClock(int days);
  // Does what is due: the workers do nothing by themselves, so that nothing happens between two calls but
  // what a history does.
  void FinishWork();
  void Judge(const Made& made, const Answer& preview, const Answer& real, bool moved, bool bound);
  void JudgeRefusal(const Made& made, const Answer& preview, const Answer& real, bool moved);
  void JudgeRepeats(const Made& made, const google::protobuf::Message& committed);
  // A decision made again from its own facts is the same.
  void JudgeReplay(const Made& made, const google::protobuf::Message& committed);
  // The reply as the call itself committed it, before the work that it began.
  std::unique_ptr<google::protobuf::Message> Committed(const Made& made, const Answer& real);
  // Whether the caller may know of the person whom the step is about.
  bool MayStillKnow(const Made& made);

  Answer Call(const std::string& method, const As& as, const google::protobuf::Message& request);
  Answer Call(const Made& made) { return Call(made.method, made.as, *made.request); }
  Written Now();
  bool WorkIsLeft();

  Known known_;
  std::vector<absl::Span<const Step>> tables_;  // services in order, from the left
  std::vector<std::string> services_;
  testing::RunningSuite suite_;
  std::map<std::string, int> tried_;
  Tally& tally_;
};

}  // namespace ipb::preview
