#include "rules/stored.h"

#include <algorithm>
#include <cstdio>
#include <string>

namespace postroom {
namespace {

using std::chrono::sys_seconds;

constexpr std::size_t longest_date = 200;

// The form that read_message() gives to dates.
std::optional<sys_seconds> from_rfc3339(const std::string& text) {
  int year = 0, hour = 0, minute = 0, second = 0, end = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second,
                  &end) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  const bool good = date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                    second <= 60 && static_cast<std::size_t>(end) == text.size();
  if (!good) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

std::optional<sys_seconds> from_mail(std::string_view text) {
  const Message dated = read_message("Date: " + std::string{text} + "\n\n", {}, Reading::headers);
  return dated.date ? from_rfc3339(*dated.date) : std::nullopt;
}

// Written by the mail server that delivered the message (Postfix, qmail).
bool names_recipient(std::string_view header) {
  constexpr std::string_view names[] = {"x-original-to", "delivered-to"};
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); };
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return std::ranges::equal(name, header, same); });
}

}  // namespace

std::optional<sys_seconds> time_in(std::string_view text) {
  if (text.size() > longest_date || text.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  if (const auto at = from_rfc3339(std::string{text})) return at;
  return from_mail(text);
}

std::optional<sys_seconds> arrival_of(const Message& message) {
  const std::string* received = find_header(message.headers, "Received");
  const std::size_t date = received ? received->rfind(';') : std::string::npos;
  if (date != std::string::npos) {
    if (const auto at = time_in(std::string_view{*received}.substr(date + 1))) return at;
  }
  return message.date ? from_rfc3339(*message.date) : std::nullopt;
}

Envelope stored_envelope(const Message& message) {
  Envelope envelope;
  if (const std::string* path = find_header(message.headers, "Return-Path"))
    envelope.sender = normal_address(*path);
  for (const Header& header : message.headers) {
    if (names_recipient(header.name)) envelope.recipients.push_back(normal_address(header.value));
  }
  for (const auto* list : {&message.to, &message.cc}) {
    for (const Address& address : *list) envelope.recipients.push_back(address.address);
  }
  envelope.arrived = arrival_of(message);
  return envelope;
}

Envelope stored_envelope(const Message& message, const Envelope& told, sys_seconds now) {
  Envelope envelope = stored_envelope(message);
  if (told.sender) envelope.sender = told.sender;
  if (!told.recipients.empty()) envelope.recipients = told.recipients;
  if (told.arrived) envelope.arrived = told.arrived;
  if (!envelope.arrived) envelope.arrived = now;
  return envelope;
}

}  // namespace postroom
