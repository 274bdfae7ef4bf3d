#pragma once
// SQLite as objects: a connection, a statement, a transaction. Nothing else in the project calls sqlite3_*.
// Every failure is a StoreError that names the database, what SQLite says, and what to do.

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schema/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace postroom {

class Db;

// Bytes that are no text.
struct Blob {
  std::string_view bytes;
};

// A prepared statement on loan from its Db, which must outlive it; reset and returned by the destructor.
class Statement {
 public:
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Binds ?1, ?2, ... in order. Values are copied.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    int position = 0;
    (bind_at(++position, values), ...);
    return *this;
  }

  bool step();  // true: there is a row
  void run();   // to the end, and ready to be bound and run again

  std::int64_t integer(int column) const;
  std::string text(int column) const;  // of a text or a blob; empty for NULL
  bool is_null(int column) const;

 private:
  friend class Db;
  Statement(Db& db, sqlite3_stmt* statement, bool* busy);

  void bind_at(int position, std::int64_t value);
  void bind_at(int position, std::string_view value);
  void bind_at(int position, Blob value);
  void bind_at(int position, std::nullopt_t);
  void bind_at(int position, const std::string& value) { bind_at(position, std::string_view{value}); }
  void bind_at(int position, const char* value) { bind_at(position, std::string_view{value}); }
  template <std::integral Number>
  void bind_at(int position, Number value) {
    bind_at(position, static_cast<std::int64_t>(value));
  }
  template <typename Value>
  void bind_at(int position, const std::optional<Value>& value) {
    if (value) return bind_at(position, *value);
    bind_at(position, std::nullopt);
  }
  void check(int code) const;

  Db& db_;
  sqlite3_stmt* statement_;
  bool* busy_;  // in the cache of db_; nullptr: not cached, ours to finalize
};

// One connection; one thread at a time. Foreign keys are on.
class Db {
 public:
  enum class Access { create, write, read };

  // `path` ":memory:" is a database of its own. create: made with mode 0600 if missing. `busy`: how long to
  // wait for a lock of another connection.
  Db(const std::string& path, Access access, std::chrono::milliseconds busy);
  ~Db();
  Db(const Db&) = delete;
  Db& operator=(const Db&) = delete;

  Statement statement(std::string_view sql);  // from the cache, prepared once
  void execute(const std::string& sql);       // one or more statements without values
  std::int64_t number(std::string_view sql);  // first column of the first row; 0 if there is none
  std::string text(std::string_view sql);

  std::int64_t changes() const;  // rows changed by the last statement
  std::int64_t last_id() const;  // rowid of the last insert
  std::int64_t scanned() const;  // rows that statements of the cache have read without an index
  std::int64_t waits() const { return waits_; }  // how often a lock of another connection was waited for
  const std::string& path() const { return path_; }
  std::chrono::milliseconds busy() const { return busy_; }

  void copy_to(Db& target);  // everything committed, over whatever the target holds

  // Does a commit wait for the disk? Only between transactions.
  void set_durable(Durable durable);

  [[noreturn]] void fail(int code) const;  // throws StoreError

 private:
  friend class Transaction;
  friend class Snapshot;
  struct Close {
    void operator()(sqlite3* db) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  struct Cached {
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    bool busy = false;
  };
  sqlite3_stmt* prepare(std::string_view sql);
  static int wait_for_lock(void* db, int tried);
  void roll_back();  // if a transaction is open; never throws

  std::string path_;
  std::chrono::milliseconds busy_;
  std::chrono::steady_clock::time_point wait_until_{};  // while a lock is waited for
  std::int64_t waits_ = 0;
  std::optional<Durable> durable_;
  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, Cached, std::less<>> cache_;
};

// What several queries read is of one moment. Takes no lock; ends with the object.
class Snapshot {
 public:
  explicit Snapshot(Db& db);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Db& db_;
};

// BEGIN IMMEDIATE: the write lock is taken at the start, so that what was read stays true to the commit.
// The destructor rolls back unless commit() ran.
class Transaction {
 public:
  explicit Transaction(Db& db, Durable durable = Durable::yes);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Db& db_;
};

}  // namespace postroom
