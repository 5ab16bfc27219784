#include "services/payments/bank/bank_file.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/dates/civil.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/identifiers/digest.h"
#include "common/money/pence.h"
#include "services/payments/rules/payee.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kFile{"PAY-RUN-FILE", "The run has no file {file_number}; it has {file_count}",
                              "ISO 20022 pain.001.001.03", "ask for a file from 1 to the run's file_count."};

constexpr const char* kNamespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03";
constexpr size_t kNameLength = 70;
constexpr size_t kReferenceLength = 140;
constexpr size_t kDigitsOfDigest = 32;

// Letters of the Latin-1 supplement (U+00C0 to U+00FF) without their accents.
constexpr absl::string_view kPlain =
    "AAAAAAACEEEEIIII"
    "DNOOOOOxOUUUUYTs"
    "aaaaaaaceeeeiiii"
    "dnooooo/ouuuuyty";

bool Accepted(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         absl::string_view(" /-?:().,'+").find(c) != absl::string_view::npos;
}

pugi::xml_node Add(pugi::xml_node parent, const char* name, absl::string_view text) {
  pugi::xml_node node = parent.append_child(name);
  node.append_child(pugi::node_pcdata).set_value(std::string(text).c_str());
  return node;
}

void AddAccount(pugi::xml_node parent, const char* name, absl::string_view sort_code,
                absl::string_view account_number) {
  pugi::xml_node other = parent.append_child(name).append_child("Id").append_child("Othr");
  Add(other, "Id", absl::StrCat(sort_code, account_number));
  Add(other.append_child("SchmeNm"), "Cd", "BBAN");
}

void AddAgent(pugi::xml_node parent, const char* name, absl::string_view sort_code) {
  pugi::xml_node member = parent.append_child(name).append_child("FinInstnId").append_child("ClrSysMmbId");
  Add(member.append_child("ClrSysId"), "Cd", "GBDSC");
  Add(member, "MmbId", sort_code);
}

void AddTransfer(pugi::xml_node payment, const Transfer& transfer) {
  pugi::xml_node node = payment.append_child("CdtTrfTxInf");
  Add(node.append_child("PmtId"), "EndToEndId", transfer.end_to_end_id);
  Add(node.append_child("Amt"), "InstdAmt", Decimal(transfer.net_pence)).append_attribute("Ccy") = "GBP";
  AddAgent(node, "CdtrAgt", transfer.sort_code);
  Add(node.append_child("Cdtr"), "Nm", Latin(transfer.account_name, kNameLength));
  AddAccount(node, "CdtrAcct", transfer.sort_code, transfer.account_number);
  Add(node.append_child("RmtInf"), "Ustrd", Latin(transfer.reference, kReferenceLength));
}

absl::StatusOr<int64_t> ControlSum(const FileHeader& header, absl::Span<const Transfer> transfers) {
  const auto good = [](absl::string_view sort_code, absl::string_view account_number) {
    return IsSortCode(sort_code) && IsAccountNumber(account_number);
  };
  if (!good(header.originator.sort_code(), header.originator.account_number())) {
    return errors::InvalidField("originator", "is not a UK account of six and eight digits");
  }
  if (transfers.empty()) return errors::InvalidField("transfers", "are none: a file orders at least one");
  money::Sum sum;
  for (const Transfer& transfer : transfers) {
    if (transfer.net_pence < 1) return errors::InvalidField(transfer.end_to_end_id, "transfers nothing");
    if (!good(transfer.sort_code, transfer.account_number)) {
      return errors::InvalidField(transfer.end_to_end_id, "is not to a UK account of six and eight digits");
    }
    sum.Add(transfer.net_pence);
  }
  return sum.Total();
}

std::string Render(const FileHeader& header, const v1::BankFile& file, absl::Span<const Transfer> transfers) {
  const std::string name = Latin(header.originator.account_name(), kNameLength);
  const std::string count = absl::StrCat(file.transfer_count());
  const std::string sum = Decimal(file.total_pence());
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("Document");
  root.append_attribute("xmlns") = kNamespace;
  pugi::xml_node order = root.append_child("CstmrCdtTrfInitn");

  pugi::xml_node group = order.append_child("GrpHdr");
  Add(group, "MsgId", file.message_id());
  Add(group, "CreDtTm", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", header.created, absl::UTCTimeZone()));
  Add(group, "NbOfTxs", count);
  Add(group, "CtrlSum", sum);
  Add(group.append_child("InitgPty"), "Nm", name);

  pugi::xml_node payment = order.append_child("PmtInf");
  Add(payment, "PmtInfId", file.message_id());
  Add(payment, "PmtMtd", "TRF");
  Add(payment, "NbOfTxs", count);
  Add(payment, "CtrlSum", sum);
  Add(payment, "ReqdExctnDt", dates::Format(header.pay_date));
  Add(payment.append_child("Dbtr"), "Nm", name);
  AddAccount(payment, "DbtrAcct", header.originator.sort_code(), header.originator.account_number());
  AddAgent(payment, "DbtrAgt", header.originator.sort_code());
  for (const Transfer& transfer : transfers) AddTransfer(payment, transfer);

  std::ostringstream text;
  document.save(text, " ");
  return text.str();
}

}  // namespace

std::string Decimal(int64_t pence) { return absl::StrFormat("%d.%02d", pence / 100, pence % 100); }

std::string Latin(absl::string_view text, size_t maximum) {
  std::string plain;
  for (size_t i = 0; i < text.size() && plain.size() < maximum; ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == '&') {
      plain += '+';
    } else if (c < 0x80) {
      plain += Accepted(text[i]) ? text[i] : ' ';
    } else if (c == 0xC3 && i + 1 < text.size()) {
      plain += kPlain[static_cast<unsigned char>(text[++i]) & 0x3F];
    } else if (c >= 0xC0) {
      plain += ' ';
    }
  }
  while (!plain.empty() && plain.back() == ' ') plain.pop_back();
  plain.erase(0, std::min(plain.find_first_not_of(' '), plain.size()));
  return plain.empty() ? "-" : plain;
}

std::string MessageId(absl::Span<const Transfer> transfers) {
  std::vector<absl::string_view> ids;
  for (const Transfer& transfer : transfers) ids.push_back(transfer.end_to_end_id);
  std::sort(ids.begin(), ids.end());
  std::string lines;
  for (absl::string_view id : ids) absl::StrAppend(&lines, id, "\n");
  return absl::StrCat("IPB", identifiers::Sha256Hex(lines).substr(0, kDigitsOfDigest));
}

absl::StatusOr<std::vector<v1::RunPayment>> RowsOfFile(absl::Span<const v1::RunPayment> payments,
                                                       int32_t file_number, int32_t maximum_transfers) {
  std::vector<v1::RunPayment> rows;
  for (const v1::RunPayment& payment : payments) {
    const bool sent = payment.state() == v1::Payment::STATE_EXPORTED ||
                      payment.state() == v1::Payment::STATE_SETTLED ||
                      payment.state() == v1::Payment::STATE_RETURNED;
    if (sent && payment.net_pence() > 0) rows.push_back(payment);
  }
  std::sort(rows.begin(), rows.end(), [](const v1::RunPayment& a, const v1::RunPayment& b) {
    return a.end_to_end_id() < b.end_to_end_id();
  });
  const int64_t each = std::max(maximum_transfers, 1);
  const int64_t files = (static_cast<int64_t>(rows.size()) + each - 1) / each;
  if (file_number < 1 || file_number > files) {
    explain::Refusal refusal;
    refusal.Add(kFile, "file_number",
                {{"file_number", static_cast<int64_t>(file_number)}, {"file_count", files}});
    return refusal.ToStatus();
  }
  const int64_t from = (file_number - 1) * each;
  const int64_t to = std::min<int64_t>(from + each, rows.size());
  return std::vector<v1::RunPayment>(rows.begin() + from, rows.begin() + to);
}

absl::StatusOr<v1::BankFile> MakeBankFile(const FileHeader& header, absl::Span<const Transfer> transfers) {
  IPB_ASSIGN_OR_RETURN(const int64_t total, ControlSum(header, transfers));
  v1::BankFile file;
  file.set_message_id(MessageId(transfers));
  file.set_transfer_count(static_cast<int64_t>(transfers.size()));
  file.set_total_pence(total);
  file.set_text(Render(header, file, transfers));
  file.set_sha256(identifiers::Sha256Hex(file.text()));
  return file;
}

}  // namespace ipb::payments
