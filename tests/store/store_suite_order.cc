// Lists, histories and indexes: order, pages and ranges; and the limits of every call.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/store/store_suite.h"

namespace ipb::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> NamesOf(const std::vector<Record>& records) {
  std::vector<std::string> names;
  for (const Record& record : records) names.push_back(record.name);
  return names;
}

TEST_P(StoreSuite, ListIsInBytewiseOrderAndPaged) {
  Writes writes = NewWrites();
  for (const char* name : {"b/10", "b/2", "b/1", "b", "a/1", "c/1", "b0", "b/\xc3\xa9", "b/\xff", "B/1"}) {
    writes.puts.push_back({name, absl::StrCat("data of ", name), 0});
  }
  Commit("people/a", Revision{}, std::move(writes));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "", 100)),
              ElementsAre("b/1", "b/10", "b/2", "b/\xc3\xa9", "b/\xff"));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "", 2)), ElementsAre("b/1", "b/10"));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "b/10", 2)), ElementsAre("b/2", "b/\xc3\xa9"));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "b/15", 1)), ElementsAre("b/2"));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "b/\xff", 2)), IsEmpty());
  EXPECT_THAT(NamesOf(List("people/a", "b/", "a", 1)), ElementsAre("b/1"));
  EXPECT_THAT(NamesOf(List("people/a", "b/", "c", 1)), IsEmpty());
  EXPECT_THAT(NamesOf(List("people/a", "b/\xff", "", 9)), ElementsAre("b/\xff"));
  EXPECT_THAT(NamesOf(List("people/a", "", "", 3)), ElementsAre("B/1", "a/1", "b"));
  EXPECT_THAT(NamesOf(List("people/a", "", "b0", 3)), ElementsAre("c/1"));
  EXPECT_THAT(List("people/a", "a", "", 9), ElementsAre(Record{"a/1", "data of a/1", 1}));
}

TEST_P(StoreSuite, ListSeesPutsAndDeletes) {
  Put("people/a", "x/2", "1");
  const Revision two = Put("people/a", "x/1", "1");
  Writes writes = NewWrites();
  writes.deletes = {"x/2"};
  writes.puts = {{"x/1", "2", 0}, {"x/3", "2", 0}};
  Commit("people/a", two, std::move(writes));
  EXPECT_THAT(List("people/a", "x/", "", 10), ElementsAre(Record{"x/1", "2", 3}, Record{"x/3", "2", 3}));
}

TEST_P(StoreSuite, HistoryIsInOrderAndPaged) {
  Revision revision;
  std::vector<std::string> all;
  for (int i = 1; i <= 12; ++i) {
    Writes writes = NewWrites();
    writes.history = absl::StrCat("entry ", i);
    all.push_back(writes.history);
    revision = Commit("people/a", revision, std::move(writes)).revision;
  }
  EXPECT_EQ(History("people/a"), all);
  EXPECT_THAT(History("people/a", 0, 2), ElementsAre("entry 1", "entry 2"));
  EXPECT_THAT(History("people/a", 8, 3), ElementsAre("entry 9", "entry 10", "entry 11"));
  EXPECT_THAT(History("people/a", 11, 3), ElementsAre("entry 12"));
  EXPECT_THAT(History("people/a", 12, 3), IsEmpty());
  EXPECT_THAT(History("people/a", 100, 3), IsEmpty());
}

TEST_P(StoreSuite, IndexEntriesComeAndGo) {
  Writes first = NewWrites();
  first.index_adds = {{"work", "2", "ignored", "w/1"}, {"work", "1", "", "w/2"}, {"due", "1", "", "w/1"}};
  const Revision one = Commit("people/a", Revision{}, std::move(first)).revision;
  EXPECT_THAT(Scan("work"), ElementsAre(IndexEntry{"work", "1", "people/a", "w/2"},
                                        IndexEntry{"work", "2", "people/a", "w/1"}));
  EXPECT_THAT(Scan("due"), ElementsAre(IndexEntry{"due", "1", "people/a", "w/1"}));
  EXPECT_THAT(Scan("none"), IsEmpty());

  Writes second = NewWrites();
  second.index_removes = {{"work", "2", "", "w/1"}, {"work", "9", "", "w/1"}, {"due", "1", "", "w/1"}};
  second.index_adds = {{"work", "1", "", "w/2"}, {"work", "3", "", "w/1"}, {"due", "1", "", "w/1"}};
  Commit("people/a", one, std::move(second));
  EXPECT_THAT(Scan("work"), ElementsAre(IndexEntry{"work", "1", "people/a", "w/2"},
                                        IndexEntry{"work", "3", "people/a", "w/1"}));
  EXPECT_THAT(Scan("due"), ElementsAre(IndexEntry{"due", "1", "people/a", "w/1"}));
}

TEST_P(StoreSuite, ScanMergesAllPartitionsInOrder) {
  std::vector<IndexEntry> all;
  std::vector<bool> partitions(kPartitions, false);
  for (int i = 0; i < 400; ++i) {
    const std::string subject = absl::StrCat("people/", i);
    partitions[PartitionOf(subject)] = true;
    Writes writes = NewWrites();
    // Keys repeat over subjects, and some are a prefix of others.
    writes.index_adds = {{"work", absl::StrFormat("%03d", i * 7 % 50), "", "w/1"},
                         {"work", absl::StrFormat("%03d", i * 7 % 50), "", "w"},
                         {"work", absl::StrFormat("%02d", i % 10), "", "w/2"}};
    for (IndexEntry entry : writes.index_adds) {
      entry.subject = subject;
      all.push_back(entry);
    }
    Commit(subject, Revision{}, std::move(writes));
  }
  ASSERT_EQ(std::count(partitions.begin(), partitions.end(), true), kPartitions);
  std::sort(all.begin(), all.end(), [](const IndexEntry& a, const IndexEntry& b) {
    return std::tie(a.key, a.subject, a.name) < std::tie(b.key, b.subject, b.name);
  });

  for (const size_t limit : {1000, 97, 13}) {
    std::vector<IndexEntry> read;
    std::optional<IndexEntry> after;
    while (true) {
      const std::vector<IndexEntry> page = Scan("work", "", "", after, limit);
      ASSERT_LE(page.size(), limit);
      read.insert(read.end(), page.begin(), page.end());
      if (page.empty()) break;
      after = page.back();
    }
    EXPECT_EQ(read, all);
  }

  std::vector<IndexEntry> range;
  std::copy_if(all.begin(), all.end(), std::back_inserter(range),
               [](const IndexEntry& entry) { return entry.key >= "01" && entry.key < "013"; });
  ASSERT_FALSE(range.empty());
  EXPECT_EQ(Scan("work", "01", "013"), range);
  EXPECT_THAT(Scan("work", "013", "013"), IsEmpty());
  EXPECT_THAT(Scan("work", "9", ""), IsEmpty());
  const std::vector<IndexEntry> rest(range.begin() + 5, range.end());
  EXPECT_EQ(Scan("work", "01", "013", range[4]), rest);
  EXPECT_EQ(Scan("work", "01", "013", IndexEntry{"work", "00", "z", "z"}), range);
  EXPECT_THAT(Scan("work", "01", "013", IndexEntry{"work", "013", "", ""}), IsEmpty());
}

TEST_P(StoreSuite, ScanGoesOnAfterAnEntryThatIsGone) {
  const IndexEntry gone{"work", "5", "people/b", "w"};
  for (const char* subject : {"people/a", "people/c"}) {
    Writes writes = NewWrites();
    writes.index_adds = {{"work", "5", "", "w"}};
    Commit(subject, Revision{}, std::move(writes));
  }
  EXPECT_THAT(Scan("work", "", "", gone), ElementsAre(IndexEntry{"work", "5", "people/c", "w"}));
}

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TEST_P(StoreSuite, ReadsBeyondTheLimitsAreInvalid) {
  const auto code = [](auto task) { return async::Wait(std::move(task)).status().code(); };
  const std::string long_name(kMaximumNameBytes + 1, 'x');
  const std::string zero("a\0b", 3);
  for (const std::string& bad : {std::string(), long_name, zero}) {
    EXPECT_EQ(code(store().Load({bad, "", {}})), kInvalid);
    EXPECT_EQ(code(store().Load({"people/a", "", {bad}})), kInvalid);
    EXPECT_EQ(code(store().List(bad, "", "", 1)), kInvalid);
    EXPECT_EQ(code(store().History(bad, 0, 1)), kInvalid);
    EXPECT_EQ(code(store().Scan(bad, "", "", std::nullopt, 1)), kInvalid);
  }
  EXPECT_EQ(code(store().Load({"people/a", long_name, {}})), kInvalid);
  EXPECT_EQ(code(store().Load({"people/a", "", std::vector<std::string>(kMaximumLoadNames + 1, "n")})),
            kInvalid);
  EXPECT_EQ(Load("people/a", std::vector<std::string>(kMaximumLoadNames, "n")).records.size(),
            kMaximumLoadNames);
  EXPECT_EQ(code(store().History("people/a", -1, 1)), kInvalid);
  for (const size_t bad : {size_t{0}, kMaximumPage + 1}) {
    EXPECT_EQ(code(store().List("people/a", "", "", bad)), kInvalid);
    EXPECT_EQ(code(store().History("people/a", 0, bad)), kInvalid);
    EXPECT_EQ(code(store().Scan("work", "", "", std::nullopt, bad)), kInvalid);
    EXPECT_EQ(code(store().Tail(Cursor{}, bad)), kInvalid);
    EXPECT_EQ(code(store().Trim(absl::InfinitePast(), absl::InfinitePast(), bad)), kInvalid);
  }
  Cursor cursor = Now();
  cursor.positions.pop_back();
  EXPECT_EQ(code(store().Tail(cursor, 1)), kInvalid);
}

TEST_P(StoreSuite, CommitsBeyondTheLimitsAreInvalidAndWriteNothing) {
  const auto code = [&](Writes writes, Revision expected = {}) {
    return async::Wait(store().Commit("people/a", std::move(expected), std::move(writes), false))
        .status()
        .code();
  };
  const std::string large(kMaximumRecordBytes + 1, 'x');
  const std::vector<std::function<void(Writes&)>> breaks = {
      [](Writes& w) { w.commit_id = ""; },
      [](Writes& w) { w.commit_id = std::string(kMaximumCommitIdBytes + 1, 'x'); },
      [](Writes& w) { w.history = ""; },
      [](Writes& w) { w.unrecorded = true; },
      [](Writes& w) {
        w.history = "";
        w.unrecorded = true;
        w.request_key = "request";
      },
      [&](Writes& w) { w.history = large; },
      [&](Writes& w) { w.head = large; },
      [&](Writes& w) { w.access = large; },
      [&](Writes& w) {
        w.puts = {{"a", large, 0}};
      },
      [](Writes& w) {
        w.puts = {{"", "data", 0}};
      },
      [](Writes& w) {
        w.puts = {{std::string("a\0", 2), "data", 0}};
      },
      [](Writes& w) { w.deletes = {std::string(kMaximumNameBytes + 1, 'x')}; },
      [](Writes& w) { w.deletes.assign(kMaximumWrites + 1, "a"); },
      [](Writes& w) {
        w.puts.assign(17, {"a", std::string(kMaximumRecordBytes, 'x'), 0});
      },
      [](Writes& w) {
        w.index_adds = {{"work", std::string("a\0", 2), "", "a"}};
      },
      [](Writes& w) {
        w.index_adds = {{"", "key", "", "a"}};
      },
      [](Writes& w) {
        w.index_adds = {{"work", "", "", "a"}};
      },
      [](Writes& w) {
        w.index_removes = {{"work", "key", "", ""}};
      },
      [](Writes& w) { w.request_key = std::string(kMaximumNameBytes + 1, 'x'); },
      [&](Writes& w) {
        w.request_key = "key";
        w.remember.reply = large;
      },
  };
  for (size_t i = 0; i < breaks.size(); ++i) {
    Writes writes = NewWrites();
    writes.puts = {{"good", "data", 0}};
    breaks[i](writes);
    EXPECT_EQ(code(std::move(writes)), kInvalid) << "case " << i;
  }
  EXPECT_EQ(code(NewWrites(), Revision{-1, "x"}), kInvalid);
  EXPECT_EQ(code(NewWrites(), Revision{1, ""}), kInvalid);
  EXPECT_EQ(code(NewWrites(), Revision{0, "x"}), kInvalid);
  EXPECT_EQ(Load("people/a").revision, Revision{});
}

TEST_P(StoreSuite, WhatIsJustWithinTheLimitsIsStored) {
  Writes writes = NewWrites();
  writes.commit_id = std::string(kMaximumCommitIdBytes, '\xff');
  const std::string name(kMaximumNameBytes, 'n');
  const std::string data(kMaximumRecordBytes, '\0');
  writes.puts = {{name, data, 0}};
  writes.index_adds = {{name, name, "", name}};
  while (writes.puts.size() + writes.index_adds.size() < kMaximumWrites) {
    writes.puts.push_back({absl::StrCat("r/", writes.puts.size()), "x", 0});
  }
  writes.request_key = name;
  writes.remember = {"fingerprint", data, name, 0};
  EXPECT_EQ(Commit(name, Revision{}, std::move(writes)).kind, CommitResult::Kind::kDone);
  const LoadResult loaded = Load(name, {name}, name);
  EXPECT_EQ(loaded.revision.commit_id, std::string(kMaximumCommitIdBytes, '\xff'));
  ASSERT_TRUE(loaded.remembered && loaded.records[0]);
  EXPECT_TRUE(loaded.remembered->reply == data && loaded.records[0]->data == data);
  EXPECT_EQ(Scan(name).size(), 1u);
  EXPECT_EQ(List(name, "r/", "", kMaximumPage).size(), kMaximumWrites - 2);
}

}  // namespace
}  // namespace ipb::store
