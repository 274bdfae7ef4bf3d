#include "lmtp/converse.h"

#include <fmt/format.h>

namespace postroom {
namespace {

struct Conversation {
  Wire& wire;
  Session& session;
  const DeliverMessage& deliver;
  const Note& note;
};

std::string place(const Session& session) {
  const std::string& peer = session.peer();
  return fmt::format("peer={} phase={}", peer.empty() ? "?" : peer, phase_name(session.phase()));
}

// Replies that tell the peer about a mistake or a refusal are worth a line; its mail waits or bounces.
void note_refusal(const Conversation& talk, std::string_view line, std::string_view reply) {
  if (!reply.starts_with('4') && !reply.starts_with('5')) return;
  talk.note(Level::warning, fmt::format("{} status=refused command=\"{}\" reply=\"{}\"", place(talk.session),
                                        line.substr(0, 200), reply.substr(0, reply.find('\r'))));
}

void end(const Conversation& talk, Got why) {
  if (why == Got::timeout) {
    talk.note(Level::warning, place(talk.session) + " status=timeout");
    talk.wire.reply(talk.session.timed_out());
    return;
  }
  if (why == Got::stopping) {
    talk.wire.reply(talk.session.stopping());
    return;
  }
  if (talk.session.phase() > Phase::ready) talk.note(Level::info, place(talk.session) + " status=lost");
}

Got do_command(const Conversation& talk) {
  std::string_view line;
  const Got got = talk.wire.command(line);
  if (got != Got::input && got != Got::too_long) return got;

  const std::string reply = got == Got::too_long ? talk.session.line_too_long() : talk.session.command(line);
  note_refusal(talk, got == Got::too_long ? "(too long)" : line, reply);
  talk.wire.reply(reply);
  return Got::input;
}

// The size is for ever: the message will not shrink by waiting (RFC 1870, 6.3). A long line is no reason to
// bounce mail that Postfix has accepted: limits.line can be raised while it waits.
Reply fault_reply(Body::Fault fault) {
  if (fault == Body::Fault::too_big) return {552, "5.3.4", "message is too big"};
  return {451, "4.6.0", "a line of the message is too long"};
}

Got do_message(const Conversation& talk) {
  Body body;
  if (const Got got = talk.wire.message(body); got != Got::input) return got;

  const Incoming incoming = talk.session.take(std::move(body.text));
  if (body.fault == Body::Fault::none) {
    talk.wire.reply(talk.session.answer(talk.deliver(incoming)));
    return Got::input;
  }
  const std::string replies = talk.session.answer_all(fault_reply(body.fault));
  note_refusal(talk, "DATA", replies);
  talk.wire.reply(replies);
  return Got::input;
}

}  // namespace

void converse(Wire& wire, Session& session, const DeliverMessage& deliver, const Note& note) {
  const Conversation talk{wire, session, deliver, note};
  try {
    wire.reply(session.greeting());
    while (session.phase() != Phase::quit) {
      const Got got = session.phase() == Phase::data ? do_message(talk) : do_command(talk);
      if (got == Got::input) continue;
      end(talk, got);
      break;
    }
  } catch (const std::exception& error) {
    note(Level::error, fmt::format("{} status=broken error=\"{}\"", place(session), error.what()));
    wire.reply(session.broken());
  }
  wire.flush();
}

}  // namespace postroom
