#include "theriac/cli/run.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <new>

#include "cli/arguments.h"
#include "cli/verb.h"
#include "theriac/core/build_info.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::cli {

namespace {

const Verb* chosen(const CLI::App& app, const std::vector<Verb>& verbs) {
  for (const auto& verb : verbs) {
    const CLI::App* sub = app.get_subcommand(verb.name);
    if (!sub->parsed()) continue;
    return verb.children.empty() ? &verb : chosen(*sub, verb.children);
  }
  return nullptr;
}

int fail(const std::string& message, Exit code) {
  core::log(core::Level::kError, message);
  return static_cast<int>(code);
}

}  // namespace

int run(int argc, char** argv) {
  core::install_signal_handlers();
  auto list = verbs();
  CLI::App app{"Theriac: backdoor research on CLIP-style vision-language models", "theriac"};
  const auto& build = core::build_info();
  app.set_version_flag("--version", fmt::format("theriac {} ({}{}), LibTorch {}", build.version,
                                                build.commit.empty() ? "no commit" : build.commit,
                                                build.dirty ? ", changed" : "", build.torch));
  app.require_subcommand(1);
  app.footer(
      "theriac VERB --help explains a verb. A first run: theriac run configs/quickstart.yaml");
  for (auto& verb : list) add_verb(app, verb);
  try {
    app.parse(arguments(argc, argv));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return fail(explain(app, error), Exit::kUser);
  }
  try {
    return chosen(app, list)->run();
  } catch (const Error& error) {
    return fail(error.what(), error.code());
  } catch (const std::bad_alloc&) {
    return fail("out of memory; try a smaller batch_size, loader.cache_mib or --jobs", Exit::kUser);
  } catch (const c10::OutOfMemoryError& error) {
    return fail(std::string("out of memory on the device; try a smaller batch_size or "
                            "accumulation: ") +
                    error.what_without_backtrace(),
                Exit::kUser);
  } catch (const c10::Error& error) {
    return fail(std::string("bug: ") + error.what(), Exit::kBug);
  } catch (const std::exception& error) {
    return fail(std::string("bug: ") + error.what(), Exit::kBug);
  }
}

}  // namespace theriac::cli
