#include "common/store/redis_thread.h"

#include <ev.h>
#include <signal.h>

#include <future>
#include <utility>

namespace ipb::store {

struct RedisThread::Events {
  ev_async wake;
};

RedisThread::RedisThread() : loop_(ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV)), events_(std::make_unique<Events>()) {
  ev_async_init(&events_->wake,
                ([](struct ev_loop*, ev_async* w, int) { static_cast<RedisThread*>(w->data)->Take(); }));
  events_->wake.data = this;
  ev_async_start(loop_, &events_->wake);
  thread_ = std::thread([this] { Run(); });
}

RedisThread::~RedisThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ev_async_send(loop_, &events_->wake);
  thread_.join();
  ev_loop_destroy(loop_);
}

void RedisThread::RunOn(std::function<void()> work) {
  std::promise<void> ran;
  {
    const std::lock_guard lock(mutex_);
    work_.push_back([&] {
      work();
      ran.set_value();
    });
  }
  ev_async_send(loop_, &events_->wake);
  ran.get_future().wait();
}

void RedisThread::Run() {
  // A write to a connection that Redis has closed must end as an error, not as a signal.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  ev_run(loop_, 0);
}

void RedisThread::Take() {
  std::vector<std::function<void()>> work;
  bool ending = false;
  {
    const std::lock_guard lock(mutex_);
    work.swap(work_);
    ending = ending_;
  }
  for (const std::function<void()>& one : work) one();
  if (ending) ev_break(loop_, EVBREAK_ALL);
}

}  // namespace ipb::store
