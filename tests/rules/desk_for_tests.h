#pragma once
// A small desk and small messages, for the tests of decisions.

#include <string>
#include <vector>

#include "rules/classify.h"

namespace postroom::tests {

inline Condition words(Field field, std::vector<std::string> list, std::string header = "") {
  return {field, std::move(header), std::move(list)};
}

inline Queue queue_named(const std::string& name, const std::string& group) {
  Queue queue;
  queue.name = name;
  queue.mailbox = std::string(1, static_cast<char>(name[0] - 32)) + name.substr(1);
  queue.group = group;
  queue.acknowledgement = Switch::on;
  queue.texts = {{"en", "Subject: Got it {{ticket}}\n\nThank you."},
                 {"ru", "Subject: Приняли {{ticket}}\n\nСпасибо."}};
  return queue;
}

inline Desk small_desk() {
  Desk desk;
  desk.host = "mx.desk.test";
  desk.channels = {{"support@desk.test", "support"}, {"sales@desk.test", "sales"}};
  desk.queues = {queue_named("support", "firstline"), queue_named("sales", "traders"),
                 queue_named("billing", "money")};
  desk.operators = {{"ivan", "Иван", {"firstline", "traders"}}, {"olga", "Ольга", {"firstline"}}};
  return desk;
}

inline Message mail_from(const std::string& address, const std::string& subject, const std::string& text) {
  Message message;
  message.from = {{"Anna", address}};
  message.subject = subject;
  message.text = message.new_text = text;
  message.language = "en";
  message.headers = {
      {"From", "Anna <" + address + ">"}, {"Subject", subject}, {"Message-ID", "<1@home.test>"}};
  message.message_id = "1@home.test";
  return message;
}

inline Envelope to(std::vector<std::string> recipients, std::string sender = "anna@home.test") {
  return {std::move(sender), std::move(recipients)};
}

}  // namespace postroom::tests
