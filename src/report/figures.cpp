#include "report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace theriac::report {

std::string percent(double value) {
  const std::string s = fmt::format("{:.1f}", value);
  return s == "-0.0" ? "0.0" : s;
}

std::string scientific(double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
  auto power = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  const double mantissa = value / std::pow(10, power);
  return fmt::format("{:.4g}e{}", mantissa, power);
}

std::string percent_with_interval(const Measurement& row) {
  return fmt::format("{} % [{}, {}]", percent(row.value), percent(row.low), percent(row.high));
}

int Tips::add(const Point& p, const std::string& data) {
  if (!wanted_) return -1;
  std::string text =
      p.time > 0 && p.cleaning ? p.cell->name + "\ncleaning" : p.cell->model + "\npre-training";
  if (p.cleaning && p.time <= 0)
    text = p.cell->model + "\nbefore cleaning";
  else
    text += p.epoch == 0 ? ", before its first step" : fmt::format(", epoch {}", p.epoch);
  const auto row = [&](const char* label, const Measurement* record) {
    if (record)
      text += fmt::format("\n{} {} of {}", label, percent_with_interval(*record), record->n);
  };
  row("Accuracy", p.accuracy);
  row("ASR", p.attack);
  row("True label under trigger", p.stage->find("true_label_under_trigger", data, p.epoch));
  row("Clean images taken for target", p.stage->find("target_rate_clean", data, p.epoch));
  text += "\n" + data;
  const auto [it, fresh] = index_.emplace(text, static_cast<int>(texts_.size()));
  if (fresh) texts_.push_back(text);
  return it->second;
}

int colour_of(const Experiment& e, const Cell& cell) { return colour_of(e.groups[cell.group]); }

int colour_of(const Group& group) { return series(group.model); }

std::size_t nth_seed(const Experiment& e, std::size_t group) {
  const auto& groups = e.models[e.groups[group].model].groups;
  return static_cast<std::size_t>(std::find(groups.begin(), groups.end(), group) - groups.begin());
}

bool is_control(const Experiment& e, std::size_t cleaning) {
  return std::any_of(e.cells.begin(), e.cells.end(), [&](const Cell& cell) {
    return cell.control && cell.cleaning == e.cleanings[cleaning];
  });
}

namespace {

constexpr std::size_t kMostKeys = 24;  // of marks in a legend

}  // namespace

double legend(Drawing& d, const Experiment& e, double left, double y) {
  double x = left;
  const auto place = [&](const std::string& text, double lead) {
    const double width = lead + text_width(text, 12) + 18;
    if (x > left && x + width > d.width - 16) {
      x = left;
      y += 20;
    }
    const double at = x;
    x += width;
    return at;
  };
  for (std::size_t i = 0; i < e.models.size(); ++i) {
    const std::string text = shortened(e.models[i].name, d.width - 50, 12);
    const double at = place(text, 16);
    d.box(at, y - 9, 11, 11, series(i));
    d.text({at + 16, y}, text, kInk);
  }
  if (e.cleanings.size() > 1) {
    x = left;
    y += 20;
    const std::string title = e.cleaning_axes + ":";
    d.text({place(title, 0), y}, title, kMuted);
    for (std::size_t i = 0; i < e.cleanings.size(); ++i) {
      if (i == kMostKeys && e.cleanings.size() > kMostKeys + 1) {
        const auto rest = fmt::format("and {} more", e.cleanings.size() - i);
        d.text({place(rest, 0), y}, rest, kMuted);
        break;
      }
      const std::string text = shortened(e.cleanings[i], d.width - 50, 12);
      const double at = place(text, 14);
      const bool control = is_control(e, i);
      d.mark(i, {at + 5, y - 4}, 4.5, control ? kSurface : kInk).stroke = control ? kInk : kNone;
      d.text({at + 14, y}, text, kInk);
    }
  }
  return y + 14;
}

}  // namespace theriac::report
