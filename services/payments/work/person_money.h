// One person's money in one commit: what the rules look at, and what they decided.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/explain/trace.h"
#include "services/payments/handlers/handlers.h"
#include "services/payments/rules/gates.h"
#include "services/payments/rules/payment.h"

namespace ipb::payments {

// How often a commit that lost a race to others is decided again.
inline constexpr int kMostRaces = 5;
// The most payments that one commit of a person changes; each takes up to six writes of the store's 512.
inline constexpr int kMostChanges = 75;

// A consistent view of a person, kept up with what is decided. Belongs to one coroutine.
struct PersonMoney {
  call::Subject subject;
  PersonFacts person;
  std::vector<v1::Agreement> agreements;  // of one payer, in order of number
  std::vector<v1::Payee> payees;          // all of the person's
  std::vector<v1::Payment> payments;      // all of the person's, in order of number
  Numbers numbers;
  std::map<std::string, std::vector<v1::Transaction>> transactions;  // to be posted, by agreement
  int changes = 0;                                                   // payments and agreements that changed
};

// Loads a person by any of the person's resources, with the agreements of one payer. Whoever pays has to see
// what it paid to the end, also when it is responsible no more: the caller decides who may ask.
async::Task<absl::StatusOr<PersonMoney>> LoadMoney(call::Call& call, std::string resource_name,
                                                   std::string payer);

// Takes over what people knows now of the person's death. A person whom the organisation may know no more
// stays as last known; UNAVAILABLE where people cannot be asked.
async::Task<absl::Status> RefreshPerson(call::Call& call, PersonMoney& money);

// What the rules look at for one agreement, with its plan and budget to the left. A plan that is not known
// counts as not active. UNAVAILABLE where the services to the left cannot be asked.
async::Task<absl::StatusOr<PayFacts>> GatherFacts(const Upstreams& upstreams, call::Call& call,
                                                  const PersonMoney& money, v1::Agreement agreement);

// The same without plan and budget: as if the plan were active and nothing bounded.
PayFacts FactsOf(const PersonMoney& money, const v1::Agreement& agreement);

// The payment or agreement of that name; null where there is none.
v1::Payment* FindPayment(PersonMoney& money, absl::string_view name);
v1::Agreement* FindAgreement(PersonMoney& money, absl::string_view name);

// Takes a decision over. One that changes nothing is passed over and gives false.
bool Take(const call::Call& call, PersonMoney& money, PaymentDecision moved,
          const explain::Trace& trace = {});
bool Take(PersonMoney& money, v1::Agreement agreement);

// Makes the subject ready to commit: posts the transactions and reserves the numbers. Once.
absl::Status Seal(const call::Call& call, PersonMoney& money);

// Seals and commits where anything changed, for work that answers to nobody. ABORTED after a lost race.
async::Task<absl::Status> CommitChanges(call::Call& call, PersonMoney money);

// Moves payments of one person, as often as is needed for all of them to be at rest.
class Mover {
 public:
  virtual ~Mover() = default;
  // Looks at what Move needs; called after each load.
  virtual async::Task<absl::Status> Look(call::Call& call, PersonMoney& money);
  // Moves one payment; gives whether anything changed.
  virtual absl::StatusOr<bool> Move(const call::Call& call, PersonMoney& money,
                                    const v1::Payment& payment) = 0;
};

// Applies a mover to the named payments of a person and commits, in as many commits as needed. Gives the
// payments as they are then, in the order of the names; those that are not known are left out. Repeating it
// changes nothing.
async::Task<absl::StatusOr<std::vector<v1::Payment>>> MovePayments(call::Call& call, Mover& mover,
                                                                   std::string payer,
                                                                   std::vector<std::string> names);

}  // namespace ipb::payments
