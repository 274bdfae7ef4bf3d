#pragma once
// What a stored message still tells about the envelope that it came with. Pure.

#include <chrono>
#include <optional>
#include <string_view>

#include "rules/classify.h"

namespace postroom {

// Sender: Return-Path (RFC 5321, 4.4). Recipients: X-Original-To, Delivered-To, To, Cc. Arrived: as
// arrival_of() says.
Envelope stored_envelope(const Message& message);

// The same, where `told` does not say otherwise; a message without any date arrived `now`.
Envelope stored_envelope(const Message& message, const Envelope& told, std::chrono::sys_seconds now);

// When the mail server took the message: the date of the topmost Received field, else Date, else nullopt.
std::optional<std::chrono::sys_seconds> arrival_of(const Message& message);

// "2026-11-22T18:00:00Z", or a date as mail writes it (RFC 5322, 3.3); nullopt if it is neither.
std::optional<std::chrono::sys_seconds> time_in(std::string_view text);

}  // namespace postroom
