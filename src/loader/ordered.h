#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace theriac::loader {

// Batches made by worker threads, consumed in order by one thread. A batch is cut into `parts` that
// run in any order on any thread; at most `ahead` batches are open at a time, batch b in the slot
// b % ahead. With 0 workers everything happens in wait().
class Ordered {
 public:
  struct Work {
    std::function<void(std::int64_t batch)> open;  // before the first part; must be quick
    std::function<void(std::int64_t batch, std::int64_t part)> run;
  };
  Ordered(std::int64_t workers, std::int64_t ahead, std::int64_t parts, Work work);
  ~Ordered();
  Ordered(const Ordered&) = delete;
  Ordered& operator=(const Ordered&) = delete;

  void start(std::int64_t first, std::int64_t end);  // cancels what was running
  // The next batch once all its parts have run; -1 at the end. Throws what a part of it threw.
  std::int64_t wait();
  void release();  // of the batch that wait() gave; its slot may be used again
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  double wait_seconds() const { return wait_seconds_; }

 private:
  struct Slot {
    std::int64_t left = 0;
    std::exception_ptr error;
  };
  void loop();
  void run_one(std::unique_lock<std::mutex>& lock);
  void cancel(std::unique_lock<std::mutex>& lock);
  bool available() const { return next_ < end_ && next_ < taken_ + ahead_; }
  Slot& slot(std::int64_t batch) { return slots_[static_cast<std::size_t>(batch % ahead_)]; }

  const std::int64_t ahead_, parts_;
  const Work work_;
  mutable std::mutex mutex_;
  std::condition_variable to_workers_, to_consumer_;
  std::vector<Slot> slots_;
  std::int64_t next_ = 0, next_part_ = 0;  // what a worker takes next
  std::int64_t taken_ = 0, end_ = 0;       // what the consumer takes next; one past the last batch
  std::int64_t active_ = 0;
  std::atomic<bool> cancelled_ = false;
  bool stop_ = false;
  double wait_seconds_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace theriac::loader
