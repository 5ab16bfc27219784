// What every handler of payments does in the same way: facts for the rules, numbers, and writing money.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/async/task.h"
#include "common/call/call.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/ledger.pb.h"
#include "ipb/v1/payment.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/facts.h"

namespace ipb::payments::handlers {

// The caller as the rules know it.
payments::Caller CallerOf(const call::Call& call);

// The person of a loaded subject: name and death. What bars direct payments is the plan's to say.
PersonFacts PersonOf(const call::Subject& subject);

// Takes over what people knows now of the subject's person; gives whether that is news. A person whom the
// organisation may know no more stays as last known; UNAVAILABLE where people cannot be asked.
async::Task<absl::StatusOr<bool>> RefreshAccess(call::Call& call, call::Subject& subject);

// National and local payments rows of the organisation that pays, joined: its own come first.
v1::PaymentsPolicy PolicyOf(const call::Call& call, absl::string_view organisation);

// The trace as the contract has it, with the versions in force.
v1::Explanation Rendered(const call::Call& call, const explain::Trace& trace);

// The next free numbers of the person's payments and transactions.
Numbers NumbersOf(const call::Subject& subject);

// Reserves the numbers that a decision has used: all below `after`.
void Reserve(call::Subject& subject, const Numbers& after);

// Where the accounts of an agreement are kept: a record below the agreement's own. Give it to Load with the
// agreement.
std::string BalanceRecordOf(absl::string_view agreement);

// The accounts of an agreement as loaded; without any where nothing is posted yet.
v1::Balance BalanceOf(const call::Subject& subject, absl::string_view agreement);

// Posts named transactions of one agreement, in order: writes each, with etag and time, and the balance after
// them. The balance must have been asked for in Load. Once an agreement and commit; numbers are reserved
// apart.
absl::Status PostAll(const call::Call& call, call::Subject& subject, absl::string_view agreement,
                     std::vector<v1::Transaction> transactions);

// Writes a payment and the record of its identity, a google.protobuf.StringValue with the payment's name. A
// new one (without time) gets the time of the call, and its explanation if the trace is not empty; a payment
// read without its explanation keeps the one that is stored. A payment in a run is entered in the run's index
// under its end-to-end id; it stays there when it drops out.
void PutPayment(const call::Call& call, call::Subject& subject, v1::Payment& payment,
                const explain::Trace& trace = {});

// INVALID_ARGUMENT where a name in the request is not of the person that the request is about.
absl::Status CheckOfPerson(absl::string_view person, const char* field, absl::string_view name);

// The index, over all people, of an organisation's agreements: key and record name an agreement. Agreements
// stay in it when they close, because what was due before may still be unpaid.
std::string AgreementIndexOf(absl::string_view payer);

// The index, over all people, of a run's payments: the key is the end-to-end id, the record the payment.
std::string RunIndexOf(absl::string_view run);

}  // namespace ipb::payments::handlers
