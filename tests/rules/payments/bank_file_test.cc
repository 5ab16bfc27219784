#include "services/payments/bank/bank_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/payments/rules/payment.h"
#include "services/payments/rules/run.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

std::string OutputOf(const std::string& command, int& status) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer;
  while (const size_t read = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), read);
  status = pclose(pipe);
  return output;
}

FileHeader Header() {
  return {example::Policy(example::kCouncil).originators(0), absl::CivilDay(2026, 4, 6),
          absl::FromUnixSeconds(1775200000)};
}

std::vector<Transfer> Transfers(int count) {
  std::vector<Transfer> transfers;
  for (int i = 0; i < count; ++i) {
    transfers.push_back({EndToEndId("people/k3/agreements/1", "2026-04-06", absl::StrCat("c", i), 1),
                         123456 + i, "Zoë O'Brien & Søn <Ltd>", "010203", "12345678",
                         "Direct payment 6 April 2026"});
  }
  return transfers;
}

// The published schema judges the file: where it is comes from the package that ships it.
TEST(BankFile, IsValidAgainstThePublishedSchema) {
  int status = 0;
  const std::string schema(absl::StripAsciiWhitespace(
      OutputOf("dpkg -L tryton-modules-account-payment-sepa | grep 'pain.001.001.03.xsd$'", status)));
  ASSERT_FALSE(schema.empty()) << "install tryton-modules-account-payment-sepa: it ships the schema";
  const v1::BankFile file = *MakeBankFile(Header(), Transfers(100));
  const std::string path = testing::TempDir() + absl::StrCat("ipb-", getpid(), ".xml");
  std::ofstream(path) << file.text();
  const std::string output = OutputOf("xmllint --noout --schema " + schema + " " + path + " 2>&1", status);
  EXPECT_EQ(status, 0) << output;
  const std::string count = OutputOf(
      "xmllint --xpath \"concat(count(//*[local-name()='CdtTrfTxInf']),' "
      "',//*[local-name()='GrpHdr']/*[local-name()="
      "'CtrlSum'],' ',//*[local-name()='PmtInf']/*[local-name()='CtrlSum'])\" " +
          path,
      status);
  EXPECT_EQ(absl::StripAsciiWhitespace(count), "100 123505.50 123505.50");
  EXPECT_EQ(file.transfer_count(), 100);
  EXPECT_EQ(file.total_pence(), 12350550);
  std::remove(path.c_str());
}

TEST(BankFile, ItsControlSumIsTheRunsTotal) {
  std::vector<v1::RunPayment> rows;
  for (const Transfer& transfer : Transfers(7)) {
    rows.emplace_back().set_end_to_end_id(transfer.end_to_end_id);
    rows.back().set_net_pence(transfer.net_pence);
  }
  EXPECT_EQ(MakeBankFile(Header(), Transfers(7))->total_pence(), Freeze(rows)->total_pence);
}

TEST(BankFile, TheSamePaymentsMakeTheSameFile) {
  const v1::BankFile one = *MakeBankFile(Header(), Transfers(5)),
                     other = *MakeBankFile(Header(), Transfers(5));
  EXPECT_EQ(one.SerializeAsString(), other.SerializeAsString());
  EXPECT_NE(MakeBankFile(Header(), Transfers(6))->message_id(), one.message_id());
  EXPECT_EQ(one.message_id().size(), 35u);
}

TEST(BankFile, WritesOnlyWhatBanksRead) {
  EXPECT_EQ(Latin("Zoë O'Brien & Søn <Ltd>", 70), "Zoe O'Brien + Son  Ltd");
  EXPECT_EQ(Latin("日本", 70), "-");
  EXPECT_EQ(Latin(std::string(200, 'x'), 70).size(), 70u);
  EXPECT_EQ(Decimal(5), "0.05");
  EXPECT_EQ(Decimal(100000000), "1000000.00");
}

TEST(BankFile, RefusesWhatABankWould) {
  std::vector<Transfer> transfers = Transfers(1);
  transfers[0].net_pence = 0;
  EXPECT_EQ(MakeBankFile(Header(), transfers).status().code(), absl::StatusCode::kInvalidArgument);
  transfers = Transfers(1);
  transfers[0].sort_code = "1";
  EXPECT_EQ(MakeBankFile(Header(), transfers).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeBankFile(Header(), {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(BankFile, ARunIsCutIntoFilesOfWhatWasSent) {
  std::vector<v1::RunPayment> rows;
  for (int i = 0; i < 25; ++i) {
    v1::RunPayment& row = rows.emplace_back();
    row.set_end_to_end_id(absl::StrCat("IPB", 100 - i));
    row.set_net_pence(i == 0 ? 0 : 1);
    row.set_state(i == 1 ? v1::Payment::STATE_HELD : v1::Payment::STATE_EXPORTED);
  }
  EXPECT_EQ(RowsOfFile(rows, 1, 10)->size(), 10u);
  EXPECT_EQ(RowsOfFile(rows, 3, 10)->size(), 3u);
  EXPECT_LT(RowsOfFile(rows, 1, 10)->back().end_to_end_id(),
            RowsOfFile(rows, 2, 10)->front().end_to_end_id());
  EXPECT_EQ(example::RefusedBy(RowsOfFile(rows, 4, 10).status()), (std::vector<std::string>{"PAY-RUN-FILE"}));
}

}  // namespace
}  // namespace ipb::payments
