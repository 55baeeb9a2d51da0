#include "loader/ordered.h"

#include <chrono>
#include <utility>

namespace theriac::loader {

Ordered::Ordered(std::int64_t workers, std::int64_t ahead, std::int64_t parts, Work work)
    : ahead_(ahead),
      parts_(parts),
      work_(std::move(work)),
      slots_(static_cast<std::size_t>(ahead)) {
  for (std::int64_t i = 0; i < workers; ++i) threads_.emplace_back([this] { loop(); });
}

Ordered::~Ordered() {
  {
    std::unique_lock lock(mutex_);
    cancel(lock);
    stop_ = true;
  }
  to_workers_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Ordered::start(std::int64_t first, std::int64_t end) {
  {
    std::unique_lock lock(mutex_);
    cancel(lock);
    next_ = taken_ = first;
    next_part_ = 0;
    end_ = end;
  }
  to_workers_.notify_all();
}

void Ordered::cancel(std::unique_lock<std::mutex>& lock) {
  end_ = next_;
  cancelled_ = true;
  to_consumer_.wait(lock, [this] { return active_ == 0; });
  cancelled_ = false;
}

// Takes the next part, runs it without the lock, and notes that it is done.
void Ordered::run_one(std::unique_lock<std::mutex>& lock) {
  const auto batch = next_;
  const auto part = next_part_;
  ++active_;
  if (part == 0) {
    slot(batch) = {parts_, nullptr};
    try {
      work_.open(batch);
    } catch (...) {
      slot(batch).error = std::current_exception();
    }
  }
  if (++next_part_ == parts_) {
    next_part_ = 0;
    ++next_;
  }
  const bool failed = slot(batch).error != nullptr;
  std::exception_ptr error;
  lock.unlock();
  try {
    if (!failed) work_.run(batch, part);
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  --active_;
  if (error) slot(batch).error = error;
  if (--slot(batch).left == 0 || cancelled()) to_consumer_.notify_all();
}

void Ordered::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    to_workers_.wait(lock, [this] { return stop_ || available(); });
    if (stop_) return;
    run_one(lock);
  }
}

std::int64_t Ordered::wait() {
  const auto from = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (taken_ >= end_) return -1;
  if (threads_.empty()) {
    while (next_ <= taken_) run_one(lock);
  } else {
    to_consumer_.wait(lock, [this] { return next_ > taken_ && slot(taken_).left == 0; });
  }
  wait_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  if (slot(taken_).error) std::rethrow_exception(slot(taken_).error);
  return taken_;
}

void Ordered::release() {
  {
    std::unique_lock lock(mutex_);
    ++taken_;
  }
  to_workers_.notify_all();
}

}  // namespace theriac::loader
