// The people service as a client sees it, with someone registered by the council and known to the ICB.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "ipb/v1/people_service.grpc.pb.h"
#include "tests/support/running_suite.h"
#include "tests/support/text.h"

namespace ipb::people {

using Stub = v1::PeopleService::Stub;
using testing::As;
using testing::Details;
using testing::DetailsOf;
using testing::kCouncil;
using testing::kIcb;
using testing::kStranger;
using testing::Text;

class LifeTest : public ::testing::Test {
 protected:
  // Today is 2 June 2025.
  LifeTest();

  // Someone whom the council registers. The ICB's pending responsibility is accepted where it is to know
  // them.
  std::string NewPerson(const std::string& birth_date, bool known_to_icb = true);

  // A request in text form, in which $P stands for the person; calls a method with it, by any caller.
  testing::RunningSuite::AnyReply Ask(const As& as, const std::string& method, const std::string& text);
  // The same for a call that has to succeed.
  template <typename Reply>
  Reply Done(const std::string& method, const std::string& text, const As& as = kCouncil) {
    const auto answer = Ask(as, method, text);
    EXPECT_TRUE(answer.status.ok()) << method << " {" << text << "} " << answer.status.error_message();
    return answer.reply ? dynamic_cast<const Reply&>(*answer.reply) : Reply();
  }
  // The ids of the rules that refuse, or the wrong fields; "OK" where nothing does.
  std::vector<std::string> Refused(const std::string& method, const std::string& text,
                                   const As& as = kCouncil);

  // Finds that the person lacks capacity about direct payments and about the plan, from 1 May 2025.
  void LoseCapacity();
  // Takes the clock on by a minute; gives the instant before, as the contract writes it in text form.
  std::string Tick();

  testing::RunningSuite suite_;
  std::unique_ptr<Stub> stub_;
  std::string person_;
};

}  // namespace ipb::people
