#include "theriac/cli/run.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <new>

#include "cli/verb.h"
#include "theriac/core/build_info.h"
#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/log.h"

namespace theriac::cli {

namespace {

// Flags and required arguments have none, and lists and NaN stand for "not given".
bool shows_default(const Option& option) {
  if (option.required) return false;
  if (const auto* number = std::get_if<double*>(&option.value)) return !std::isnan(**number);
  return std::holds_alternative<int*>(option.value) ||
         std::holds_alternative<std::string*>(option.value);
}

void add(CLI::App& parent, Verb& verb) {
  CLI::App* app = parent.add_subcommand(verb.name, verb.doc);
  if (verb.hidden) app->group("");
  if (!verb.example.empty()) app->footer("Example:\n  " + verb.example);
  for (auto& option : verb.options) {
    CLI::Option* made = std::visit(
        [&](auto* target) -> CLI::Option* {
          if constexpr (std::is_same_v<decltype(target), bool*>)
            return app->add_flag(option.name, *target, option.doc);
          else
            return app->add_option(option.name, *target, option.doc);
        },
        option.value);
    made->required(option.required);
    if (std::holds_alternative<std::vector<std::string>*>(option.value) && option.name[0] == '-')
      made->type_size(1)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    if (shows_default(option)) made->capture_default_str();
    if (!option.choices.empty()) made->check(CLI::IsMember(option.choices));
  }
  for (auto& child : verb.children) add(*app, child);
  if (!verb.children.empty()) app->require_subcommand(1);
}

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
  for (auto& verb : list) add(app, verb);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(Exit::kUser);
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
