#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/escaping.h"
#include "common/identifiers/base32.h"
#include "common/identifiers/claim.h"
#include "common/identifiers/digest.h"
#include "common/identifiers/nhs_number.h"
#include "common/identifiers/uuid.h"

namespace ipb::identifiers {
namespace {

using ::testing::HasSubstr;

std::string WithCheckDigit(const std::string& nine) { return nine + std::to_string(NhsCheckDigit(nine)); }

TEST(NhsNumber, AcceptsIssuedAndTestNumbers) {
  EXPECT_EQ(*CheckNhsNumber("4010232137"), NhsNumberRange::kIssued);
  EXPECT_EQ(*CheckNhsNumber("9990000018"), NhsNumberRange::kTest);
  EXPECT_EQ(*CheckNhsNumber(WithCheckDigit("650000000")), NhsNumberRange::kIssued);
  EXPECT_EQ(*CheckNhsNumber(WithCheckDigit("319999999")), NhsNumberRange::kIssued);
}

TEST(NhsNumber, ElevenIsZeroAndTenIsInvalid) {
  int zeros = 0, none = 0;
  for (int i = 400000000; i < 400001000; ++i) {
    const std::string nine = std::to_string(i);
    const int check = NhsCheckDigit(nine);
    int sum = 0;
    for (int d = 0; d < 9; ++d) sum += (nine[d] - '0') * (10 - d);
    if (sum % 11 == 0) {
      EXPECT_EQ(check, 0);
      ++zeros;
    }
    if (sum % 11 == 1) {
      EXPECT_EQ(check, -1);
      ++none;
    }
    int accepted = 0;
    for (char digit = '0'; digit <= '9'; ++digit) accepted += IsNhsNumber(nine + digit);
    EXPECT_EQ(accepted, check < 0 ? 0 : 1) << nine;
  }
  EXPECT_GT(zeros, 0);
  EXPECT_GT(none, 0);
}

TEST(NhsNumber, RefusesWhatIsNotOne) {
  for (const char* text :
       {"", "401023213", "40102321370", "401 023 2137", "401023213x", "4010232138", "-401023213"}) {
    EXPECT_FALSE(IsNhsNumber(text)) << text;
  }
  for (const char* nine : {"000000001", "320000004", "399999994", "500000001", "599999991", "800000001",
                           "943476591", "998999999"}) {
    if (NhsCheckDigit(nine) < 0) continue;
    EXPECT_THAT(CheckNhsNumber(WithCheckDigit(nine)).status().message(), HasSubstr("begins with")) << nine;
  }
}

TEST(NhsNumber, RefusesScottishNumbers) {
  int tried = 0;
  for (const char* nine : {"010101100", "290200101", "311299999", "300185123", "310785444"}) {
    if (NhsCheckDigit(nine) < 0) continue;
    ++tried;
    EXPECT_THAT(CheckNhsNumber(WithCheckDigit(nine)).status().message(), HasSubstr("CHI")) << nine;
  }
  EXPECT_GE(tried, 3);
}

TEST(Uuid, KnowsItsForm) {
  EXPECT_TRUE(IsUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
  EXPECT_TRUE(IsUuid("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"));
  for (const char* text : {"", "6ba7b8109dad11d180b400c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c",
                           "6ba7b810-9dad-11d1-80b4-00c04fd430c80", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
                           "6ba7b810+9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

TEST(Uuid, RandomOnesDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = RandomUuid();
    EXPECT_TRUE(IsUuid(uuid));
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

TEST(Uuid, NamedOnesFollowTheStandard) {
  // RFC 9562, appendix A.4.
  EXPECT_EQ(NameUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_EQ(NameUuid("people/a", "work/1"), NameUuid("people/a", "work/1"));
  EXPECT_NE(NameUuid("people/a", "work/1"), NameUuid("people/b", "work/1"));
}

TEST(Digest, IsSha256) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(absl::BytesToHexString(Sha256("abc")), Sha256Hex("abc"));
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Base32, CoversEveryBit) {
  EXPECT_EQ(Base32(""), "");
  EXPECT_EQ(Base32(std::string(1, '\xFF')), "zw");
  EXPECT_EQ(Base32(std::string(5, '\0')), "00000000");
  EXPECT_EQ(Base32("hello"), "d1jprv3f");
}

ClaimKey Key(const std::string& id, char fill) { return {id, std::string(32, fill)}; }

TEST(Claims, NameAnIdentifierByTheCurrentKey) {
  const Claims old_claims = *Claims::Create({Key("1", 'a')}, "1");
  const Claims claims = *Claims::Create({Key("1", 'a'), Key("2", 'b'), Key("3", 'c')}, "2");
  const Identifier identifier{"NHS_NUMBER", "", "9990000018"};
  const std::string name = claims.Name(identifier);
  EXPECT_EQ(name.substr(0, 12), "identifiers/");
  EXPECT_EQ(name.size(), 12u + 52u);
  EXPECT_EQ(name.find("9990000018"), name.npos);
  const std::vector<std::string> names = claims.Names(identifier);
  ASSERT_EQ(names.size(), 3u);
  EXPECT_EQ(names[0], name);
  EXPECT_EQ(names[1], old_claims.Name(identifier));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 3u);
}

TEST(Claims, TellEveryPartApart) {
  const Claims claims = *Claims::Create({Key("1", 'a')}, "1");
  const std::set<std::string> names = {
      claims.Name({"LOCAL", "E10000019", "12"}), claims.Name({"LOCAL", "E10000028", "12"}),
      claims.Name({"LOCAL", "E100000191", "2"}), claims.Name({"LOCALE", "10000019", "12"}),
      claims.Name({"LOCAL", "", "12"}),          claims.Name({"NHS", "E10000019", "12"})};
  EXPECT_EQ(names.size(), 6u);
}

TEST(Claims, RefuseBadKeys) {
  EXPECT_FALSE(Claims::Create({}, "1").ok());
  EXPECT_FALSE(Claims::Create({Key("1", 'a')}, "2").ok());
  EXPECT_FALSE(Claims::Create({Key("1", 'a'), Key("1", 'b')}, "1").ok());
  EXPECT_FALSE(Claims::Create({Key("", 'a')}, "").ok());
  EXPECT_FALSE(Claims::Create({{"1", std::string(31, 'a')}}, "1").ok());
}

}  // namespace
}  // namespace ipb::identifiers
