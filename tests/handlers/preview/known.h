// What a random history knows: its people, everything it has seen of them, the day, and chance.
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"

namespace ipb::preview {

// A person by the NHS number with which anybody may register them; without a name until somebody did.
struct KnownPerson {
  std::string nhs_number;
  std::string name;
};

class Known {
 public:
  Known(unsigned seed, absl::CivilDay today);

  // Chance: a number from 0 up to, not including, `below`; and whether something happens that does so
  // `percent` of a hundred times.
  int Pick(int below);
  bool Chance(int percent) { return Pick(100) < percent; }
  std::mt19937& random() { return random_; }

  absl::CivilDay today() const { return today_; }
  void set_today(absl::CivilDay today) { today_ = today; }
  // Today, or days later or, negative, earlier, as the contract writes dates.
  std::string Date(int days = 0) const;

  // The people; and the one whom steps are about at present, who has a name.
  std::vector<KnownPerson>& people() { return people_; }
  const std::string& person() const { return person_; }
  // Turns to one of the people who are registered.
  void Turn();
  void TurnTo(std::string person) { person_ = std::move(person); }

  // Takes over every resource in a message, at any depth, as it is in there.
  void Learn(const google::protobuf::Message& message);

  // The person's resources of a type, or the runs or uplifts, as last seen, oldest first.
  template <typename Resource>
  std::vector<const Resource*> All() const {
    std::vector<const Resource*> all;
    for (const auto& seen : resources_) {
      const auto* resource = dynamic_cast<const Resource*>(seen.get());
      if (resource != nullptr && IsAtHand(resource->name())) all.push_back(resource);
    }
    return all;
  }
  template <typename Resource>
  std::vector<Resource> Copies() const {
    std::vector<Resource> copies;
    for (const Resource* resource : All<Resource>()) copies.push_back(*resource);
    return copies;
  }
  // One of those that match; at times one that does not, which most rules refuse; null where there is none to
  // take.
  template <typename Resource, typename Matches>
  const Resource* One(Matches matches) {
    std::vector<const Resource*> all = All<Resource>();
    if (!Chance(kMissesPercent))
      std::erase_if(all, [&](const Resource* resource) { return !matches(*resource); });
    return all.empty() ? nullptr : all[Pick(static_cast<int>(all.size()))];
  }
  // The same, by state.
  template <typename Resource>
  const Resource* In(typename Resource::State state) {
    return One<Resource>([state](const Resource& resource) { return resource.state() == state; });
  }
  // The etag of a resource, for requests that say what they have seen; mostly none.
  template <typename Resource>
  std::string EtagOf(const Resource& resource) {
    return Chance(20) ? resource.etag() : std::string();
  }

 private:
  static constexpr int kMissesPercent = 8;
  bool IsAtHand(const std::string& name) const;

  std::mt19937 random_;
  absl::CivilDay today_;
  std::vector<KnownPerson> people_;
  std::string person_;
  std::vector<std::unique_ptr<google::protobuf::Message>>
      resources_;  // in the order in which they were first seen
};

}  // namespace ipb::preview
