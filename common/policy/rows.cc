#include "common/policy/rows.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "ipb/v1/options.pb.h"

namespace ipb::policy {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsProvenance(const FieldDescriptor* field) {
  return field->message_type() == v1::Provenance::descriptor();
}

// Leaves only what tells rows apart.
void Strip(Message* row) {
  const Reflection& reflect = *row->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflect.ListFields(*row, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!field->options().GetExtension(v1::rule).tells_rows_apart()) reflect.ClearField(row, field);
  }
}

std::string KeyOf(const Message& row, absl::string_view around, const FieldDescriptor* field) {
  if (row.GetDescriptor() == v1::Organisation::descriptor()) {
    return absl::StrCat("organisation ", static_cast<const v1::Organisation&>(row).code());
  }
  std::unique_ptr<Message> stripped(row.New());
  stripped->CopyFrom(row);
  Strip(stripped.get());
  const std::string own = stripped->SerializeAsString();
  return absl::StrCat(around, "/", field->number(), " ", own.size(), ":", own);
}

// Walks down a document; `path` is the path of the message and `around` the key of the row that holds it.
class Walk {
 public:
  explicit Walk(const PolicyFile& file) : file_(file) {}

  void Visit(const Message& message, const std::string& path, const std::string& around) {
    const Reflection& reflect = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflect.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->message_type() == nullptr || IsProvenance(field)) continue;
      const std::string name = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
      if (!field->is_repeated()) VisitField(reflect.GetMessage(message, field), field, name, around);
      for (int i = 0; field->is_repeated() && i < reflect.FieldSize(message, field); ++i) {
        VisitField(reflect.GetRepeatedMessage(message, field, i), field, absl::StrCat(name, "[", i, "]"),
                   around);
      }
    }
  }

  std::vector<Row> TakeRows() { return std::move(rows_); }

 private:
  void VisitField(const Message& message, const FieldDescriptor* field, const std::string& path,
                  const std::string& around) {
    const FieldDescriptor* provenance = message.GetDescriptor()->FindFieldByName("provenance");
    if (provenance == nullptr || !IsProvenance(provenance) || provenance->is_repeated()) {
      return Visit(message, path, absl::StrCat(around, "/", field->number()));
    }
    const auto& period =
        static_cast<const v1::Provenance&>(message.GetReflection()->GetMessage(message, provenance));
    const std::string key = KeyOf(message, around, field);
    rows_.push_back({message.GetDescriptor()->name(), key, period.effective_from_date(),
                     period.effective_to_date(), PlaceOf(file_, path)});
    Visit(message, path, key);
  }

  const PolicyFile& file_;
  std::vector<Row> rows_;
};

std::string Period(const Row& row) {
  return absl::StrCat(row.from_date, " to ", row.to_date.empty() ? "no end" : row.to_date);
}

}  // namespace

std::vector<Row> RowsOf(const PolicyFile& file) {
  Walk walk(file);
  walk.Visit(file.document, "", file.document.organisation());
  return walk.TakeRows();
}

void CheckOverlaps(std::vector<Row> rows, std::vector<std::string>& errors) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.key, a.from_date) < std::tie(b.key, b.from_date);
  });
  const Row* latest = nullptr;
  for (const Row& row : rows) {
    const bool same = latest != nullptr && latest->key == row.key;
    if (same && (latest->to_date.empty() || row.from_date <= latest->to_date)) {
      errors.push_back(absl::StrCat(row.place, ": the row of ", row.type, " (", Period(row),
                                    ") overlaps the one of the same kind in ", latest->place, " (",
                                    Period(*latest), ")"));
    }
    // The row that ends last is the one that the next can overlap.
    const bool outlasted =
        same && (latest->to_date.empty() || (!row.to_date.empty() && row.to_date < latest->to_date));
    if (!outlasted) latest = &row;
  }
}

}  // namespace ipb::policy
