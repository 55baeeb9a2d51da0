#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>

#include "theriac/core/text.h"

namespace theriac::cli {

namespace {

// Flags and required arguments have none, and lists and NaN stand for "not given".
bool shows_default(const Option& option) {
  if (option.required) return false;
  if (const auto* number = std::get_if<double*>(&option.value)) return !std::isnan(**number);
  return std::holds_alternative<int*>(option.value) ||
         std::holds_alternative<std::string*>(option.value);
}

// The parser makes two values of "[1,2]" where several may come: those are marked until they are in
// their place.
constexpr char kBracketed = '\x1f';

std::string without_marks(std::string text) {
  std::erase(text, kBracketed);
  return text;
}

CLI::Validator unmark() {
  return {[](std::string& value) {
            if (value.starts_with(kBracketed)) value.erase(0, 1);
            return std::string();
          },
          ""};
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  const std::string near = core::nearest(word, names);
  return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

CLI::Validator one_of(const std::vector<std::string>& choices) {
  return {[choices](std::string& value) {
            if (std::find(choices.begin(), choices.end(), value) != choices.end())
              return std::string();
            return fmt::format("expected one of {}, received '{}'{}", core::join(choices, " "),
                               value, did_you_mean(value, choices));
          },
          "{" + core::join(choices, ",") + "}"};
}

template <class Number>
CLI::Validator number(const char* expected) {
  return {[expected](std::string& value) {
            Number read{};
            if (CLI::detail::lexical_cast(value, read)) return std::string();
            return fmt::format("expected {}, received '{}'", expected, value);
          },
          ""};
}

CLI::Option* add_option(CLI::App& app, const Option& option) {
  if (auto* const* flag = std::get_if<bool*>(&option.value))
    return app.add_flag(option.name, **flag, option.doc);
  if (auto* const* whole = std::get_if<int*>(&option.value))
    return app.add_option(option.name, **whole, option.doc)->check(number<int>("a whole number"));
  if (auto* const* real = std::get_if<double*>(&option.value))
    return app.add_option(option.name, **real, option.doc)->check(number<double>("a number"));
  if (auto* const* text = std::get_if<std::string*>(&option.value))
    return app.add_option(option.name, **text, option.doc)->transform(unmark());
  auto* made =
      app.add_option(option.name, *std::get<std::vector<std::string>*>(option.value), option.doc);
  if (option.name[0] == '-')
    made->type_size(1)->expected(1)->allow_extra_args(false)->multi_option_policy(
        CLI::MultiOptionPolicy::TakeAll);
  return made->transform(unmark());
}

// From the program down to the verb that was named last.
std::vector<const CLI::App*> named(const CLI::App& app) {
  std::vector<const CLI::App*> path{&app};
  for (auto subs = app.get_subcommands(); !subs.empty(); subs = subs.front()->get_subcommands())
    path.push_back(subs.front());
  return path;
}

std::vector<std::string> children(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string not_known(const CLI::App& app, const std::string& received) {
  if (received.starts_with('-')) {
    const std::string name = received.substr(0, received.find('='));
    return fmt::format("no option {}{}", name, did_you_mean(name, options(app)));
  }
  const auto verbs = children(app);
  if (verbs.empty()) return fmt::format("'{}' is one argument too many", received);
  return fmt::format("no verb '{}'{}", received, did_you_mean(received, verbs));
}

}  // namespace

void add_verb(CLI::App& parent, Verb& verb) {
  CLI::App* app = parent.add_subcommand(verb.name, verb.doc);
  if (verb.hidden) app->group("");
  if (!verb.example.empty()) app->footer("Example:\n  " + verb.example);
  for (const auto& option : verb.options) {
    CLI::Option* made = add_option(*app, option);
    made->required(option.required);
    if (shows_default(option)) made->capture_default_str();
    if (!option.choices.empty()) made->check(one_of(option.choices));
  }
  for (auto& child : verb.children) add_verb(*app, child);
  if (!verb.children.empty()) app->require_subcommand(1);
}

std::vector<std::string> arguments(int argc, char** argv) {
  std::vector<std::string> result;
  for (int i = argc - 1; i > 0; --i)
    result.push_back((argv[i][0] == '[' ? std::string(1, kBracketed) : "") + argv[i]);
  return result;
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const auto path = named(app);
  const CLI::App* at = path.back();
  std::string where;
  for (std::size_t i = 1; i < path.size(); ++i) where += (i > 1 ? " " : "") + path[i]->get_name();
  const std::string help = fmt::format("; see theriac {}{}--help", where, where.empty() ? "" : " ");
  const std::string prefix = where.empty() ? "theriac: " : where + ": ";
  for (auto level = path.rbegin(); level != path.rend(); ++level)
    if (const auto rest = (*level)->remaining(); !rest.empty())
      return prefix + not_known(**level, without_marks(rest.front())) + help;
  const std::string said = without_marks(error.what());
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error))
    return prefix + said.substr(0, said.find(':')) + " needs a value" + help;
  if (dynamic_cast<const CLI::RequiredError*>(&error)) {
    if (const auto verbs = children(*at); !verbs.empty())
      return fmt::format("{}give a verb: {}{}", prefix, core::join(verbs, " "), help);
    return prefix + said.substr(0, said.find(' ')) + " is missing" + help;
  }
  return prefix + said + help;
}

}  // namespace theriac::cli
