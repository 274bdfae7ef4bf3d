#include "schema/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "schema/thread_hash.h"

namespace postroom {
namespace {

constexpr std::chrono::milliseconds most_wait_for_companions{1000};

struct Advice {
  int code;
  std::string_view text;
};

constexpr Advice advices[] = {
    {SQLITE_BUSY, "another program holds it; it is tried again, and 'fuser -v' on the file shows who"},
    {SQLITE_LOCKED, "another program holds it; it is tried again, and 'fuser -v' on the file shows who"},
    {SQLITE_FULL, "free some space on its disk; nothing was written"},
    {SQLITE_IOERR, "look into the system's log for errors of its disk"},
    {SQLITE_CORRUPT, "the file is damaged; stop postroom, keep the file, and restore the last backup"},
    {SQLITE_NOTADB, "the file is no SQLite database; check paths.database"},
    {SQLITE_READONLY, "this user may not write it; check owner and mode of the file and of its directory"},
    {SQLITE_CANTOPEN, "check that it and its directory exist and that this user may read and write them"},
    {SQLITE_PERM, "check owner and mode of the file and of its directory"},
    {SQLITE_NOMEM, "the machine is short of memory"},
    {SQLITE_CONSTRAINT, "nothing was written; 'postroom-tickets verify' tells whether the database is sound"},
};

std::string_view advice_for(int code) {
  const int primary = code & 0xff;
  for (const Advice& row : advices)
    if (row.code == primary) return row.text;
  return "'postroom-tickets verify' tells whether the database is sound";
}

int open_flags(Db::Access access) {
  if (access == Db::Access::read) return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  if (access == Db::Access::write) return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
}

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return bytes ? std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))} : "";
}

void sql_thread_hash(sqlite3_context* context, int, sqlite3_value** values) {
  sqlite3_result_int64(context, thread_hash(text_of(values[0]), text_of(values[1])));
}

void add_thread_hash(sqlite3* db) {
  sqlite3_create_function_v2(db, "thread_hash", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                             sql_thread_hash, nullptr, nullptr, nullptr);
}

// SQLite makes files with the umask's rights, and its -wal and -shm with those of the database. O_EXCL: an
// existing file is not opened here, for closing it would drop the locks that SQLite holds in this process.
void make_private_file(const std::string& path) {
  if (path == ":memory:") return;
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
}

// Root's own sqlite3, for one, makes -wal and -shm as root's and gives them to the owner of the database a
// moment later: until then nobody else can open them.
void wait_for_companions(sqlite3* db, const std::string& path, std::chrono::milliseconds most) {
  const auto deadline = std::chrono::steady_clock::now() + most;
  while (sqlite3_exec(db, "PRAGMA schema_version", nullptr, nullptr, nullptr) == SQLITE_CANTOPEN &&
         access(path.c_str(), R_OK) == 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
}

}  // namespace

Statement::Statement(Db& db, sqlite3_stmt* statement, bool* busy)
    : db_{db}, statement_{statement}, busy_{busy} {
  if (busy_) *busy_ = true;
}

Statement::~Statement() {
  if (!busy_) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // frees copies of bodies
  *busy_ = false;
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) db_.fail(code);
}

void Statement::bind_at(int position, std::int64_t value) {
  check(sqlite3_bind_int64(statement_, position, value));
}

void Statement::bind_at(int position, std::string_view value) {
  const char* data = value.data() ? value.data() : "";  // a null pointer would bind NULL
  check(sqlite3_bind_text64(statement_, position, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_at(int position, Blob value) {
  const char* data = value.bytes.data() ? value.bytes.data() : "";
  check(sqlite3_bind_blob64(statement_, position, data, value.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bind_at(int position, std::nullopt_t) { check(sqlite3_bind_null(statement_, position)); }

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) db_.fail(code);
  return false;
}

void Statement::run() {
  while (step()) continue;
  sqlite3_reset(statement_);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);  // of a text: its bytes
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (!data) return {};
  return {static_cast<const char*>(data), size};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Db::Close::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void Db::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Db::Db(const std::string& path, Access access, std::chrono::milliseconds busy) : path_{path}, busy_{busy} {
  if (access == Access::create) make_private_file(path);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, open_flags(access), nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) fail(code);
  wait_for_companions(db, path, std::min(busy, most_wait_for_companions));
  sqlite3_extended_result_codes(db, 1);
  add_thread_hash(db);
  sqlite3_busy_handler(db, wait_for_lock, this);
  execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8000");
}

Db::~Db() = default;

// SQLite's own waiting grows to 100 ms, in which a program that commits all the time takes the lock again and
// again. Short sleeps of different length come in between its commits.
int Db::wait_for_lock(void* given, int tried) {
  using std::chrono::microseconds;
  Db& db = *static_cast<Db*>(given);
  const auto now = std::chrono::steady_clock::now();
  if (tried == 0) {
    ++db.waits_;
    db.wait_until_ = now + db.busy_;
  }
  if (now >= db.wait_until_) return 0;
  const microseconds jitter{now.time_since_epoch().count() / 1000 % 4000};
  std::this_thread::sleep_until(std::min(db.wait_until_, now + microseconds{1000} + jitter));
  return 1;
}

void Db::fail(int code) const {
  const char* says = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
  throw StoreError(fmt::format("{}: {}: {}", path_, says, advice_for(code)));
}

sqlite3_stmt* Db::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int size = static_cast<int>(sql.size());
  const int code =
      sqlite3_prepare_v3(db_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) fail(code);
  return statement;
}

Statement Db::statement(std::string_view sql) {
  auto found = cache_.find(sql);
  if (found == cache_.end()) {
    Cached cached;
    cached.statement.reset(prepare(sql));
    found = cache_.emplace(std::string{sql}, std::move(cached)).first;
  }
  if (found->second.busy) return Statement{*this, prepare(sql), nullptr};  // the same query, nested
  return Statement{*this, found->second.statement.get(), &found->second.busy};
}

void Db::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Db::number(std::string_view sql) {
  Statement row = statement(sql);
  return row.step() ? row.integer(0) : 0;
}

std::string Db::text(std::string_view sql) {
  Statement row = statement(sql);
  return row.step() ? row.text(0) : std::string{};
}

std::int64_t Db::changes() const { return sqlite3_changes64(db_.get()); }
std::int64_t Db::last_id() const { return sqlite3_last_insert_rowid(db_.get()); }

std::int64_t Db::scanned() const {
  std::int64_t rows = 0;
  for (const auto& [sql, cached] : cache_)
    rows += sqlite3_stmt_status(cached.statement.get(), SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
  return rows;
}

void Db::roll_back() {
  // After a commit, and after some errors (a full disk), there is none.
  if (sqlite3_get_autocommit(db_.get())) return;
  sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Db::set_durable(Durable durable) {
  if (durable_ == durable) return;
  durable_.reset();  // unknown, should the next line fail
  execute(durable == Durable::yes ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  durable_ = durable;
}

Snapshot::Snapshot(Db& db) : db_{db} { db_.statement("BEGIN").run(); }
Snapshot::~Snapshot() { db_.roll_back(); }

Transaction::Transaction(Db& db, Durable durable) : db_{db} {
  db_.set_durable(durable);
  db_.statement("BEGIN IMMEDIATE").run();
}

Transaction::~Transaction() { db_.roll_back(); }

void Transaction::commit() { db_.statement("COMMIT").run(); }

}  // namespace postroom
