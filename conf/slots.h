#pragma once
// Which member each single-valued setting fills: with the table of settings, all that loading and showing
// need.

#include <span>
#include <string>
#include <string_view>

#include "conf/values.h"

namespace postroom {

// A queue with the name of its text, of which rules/ sees the contents only.
struct QueueDraft {
  Queue queue;
  std::string text;
};

template <class T>
struct SlotRow {
  std::string_view key;  // as in the table of settings
  Slot (*slot)(T&);
};

std::span<const SlotRow<Settings>> setting_slots();
std::span<const SlotRow<Channel>> channel_slots();
std::span<const SlotRow<KnownCustomer>> customer_slots();
std::span<const SlotRow<QueueDraft>> queue_slots();
std::span<const SlotRow<Operator>> operator_slots();

}  // namespace postroom
