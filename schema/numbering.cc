#include "schema/numbering.h"

#include <algorithm>
#include <stdexcept>

namespace postroom {
namespace {

constexpr std::int64_t most_unused = 64;

}  // namespace

Numbering::Numbering(Db& db, const char* name) : db_{db}, name_{name} {}

Numbering::~Numbering() {
  try {
    give_back();
  } catch (const StoreError&) {
    return;  // a gap in the numbers does no harm
  }
}

void Numbering::reserve(int count) {
  const std::int64_t missing = count - first_.left() - second_.left();
  if (missing <= 0) return;
  if (first_.left() == 0) std::swap(first_, second_);
  const std::int64_t block = std::max(missing, most_unused);

  Transaction transaction{db_};
  std::int64_t next = 0;
  {
    Statement update =
        db_.statement("UPDATE counters SET next = next + ?1 WHERE name = ?2 RETURNING next - ?1");
    if (!update.bind(block, name_).step())
      throw StoreError(db_.path() + ": the table counters is damaged: restore the last backup");
    next = update.integer(0);
    while (update.step()) continue;
  }
  transaction.commit();

  Block& place = first_.left() == 0 ? first_ : second_;
  if (first_.left() != 0 && first_.end == next) {
    first_.end = next + block;  // nobody else drew: the blocks touch
    return;
  }
  place = {next, next + block};
}

std::int64_t Numbering::take() {
  if (first_.left() == 0) std::swap(first_, second_);
  if (first_.left() == 0) throw std::logic_error("take() of a number that was not reserved");
  return first_.next++;
}

void Numbering::give_back() {
  if (first_.left() == 0) std::swap(first_, second_);
  const Block& last = second_.left() > 0 ? second_ : first_;
  if (last.left() == 0) return;
  Transaction transaction{db_};
  db_.statement("UPDATE counters SET next = ?1 WHERE name = ?2 AND next = ?3")
      .bind(last.next, name_, last.end)
      .run();
  transaction.commit();
}

}  // namespace postroom
