#pragma once
// A file descriptor that is closed with the object.

#include <unistd.h>

#include <utility>

namespace postroom {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_{fd} {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

}  // namespace postroom
