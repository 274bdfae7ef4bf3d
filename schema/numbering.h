#pragma once
// Ticket and message numbers, never given out twice whatever crashes.

#include "schema/sqlite.h"

namespace postroom {

// Reserves blocks of a counter durably and hands numbers out from memory.
class Numbering {
 public:
  // `name`: row of the table counters; a literal.
  Numbering(Db& db, const char* name);
  // Gives what is left of the block back, if nobody drew meanwhile. Never throws.
  ~Numbering();
  Numbering(const Numbering&) = delete;
  Numbering& operator=(const Numbering&) = delete;

  // After this `count` calls of take() need no database. Not inside a transaction: were that rolled back, the
  // numbers would be given out again.
  void reserve(int count);
  std::int64_t take();  // only what was reserved

 private:
  struct Block {
    std::int64_t next = 0, end = 0;
    std::int64_t left() const { return end - next; }
  };
  void give_back();

  Db& db_;
  const char* name_;
  Block first_, second_;  // second_ is begun when first_ is used up
};

}  // namespace postroom
