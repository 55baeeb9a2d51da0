#pragma once

#include <string>
#include <utility>
#include <vector>

#include "theriac/config/fields.h"

// A small experiment with every kind of field.
namespace theriac::config::example {

struct Trigger : Section {};
struct Patch : Trigger {
  enum class Noise { kUniform, kBinary };
  std::int64_t size = 16;
  Noise noise = Noise::kUniform;
  void describe(Fields& f) override {
    f.value("size", size, "Side of the square in pixels.", {1, 512});
    f.choice("noise", noise, "What it is filled with.",
             {{"uniform", Noise::kUniform}, {"binary", Noise::kBinary}});
  }
};
struct Blended : Trigger {
  double alpha = 0.2;
  std::string image;
  void describe(Fields& f) override {
    f.value("alpha", alpha, "Weight of the image.", {0, 1});
    f.path("image", image, "The image that is blended in.", Need::kRequired);
  }
};
inline Table<Trigger>& triggers() {
  static Table<Trigger> table("trigger",
                              {entry<Trigger, Patch>("random_patch", "A square of noise."),
                               entry<Trigger, Blended>("blended", "An image | laid over.")});
  return table;
}

struct Term : Section {};
struct Mmcl : Term {
  double weight = 1;
  void describe(Fields& f) override { f.value("weight", weight, "Factor of this term.", {0}); }
};
struct IntraModal : Term {
  double image = 1, text = 1;
  void describe(Fields& f) override {
    f.value("image", image, "Factor of the image part.");
    f.value("text", text, "Factor of the text part.");
  }
};
inline Table<Term>& terms() {
  static Table<Term> table("objective term",
                           {entry<Term, Mmcl>("mmcl", "Contrast between images and captions."),
                            entry<Term, IntraModal>("intra_modal", "View against view.")});
  return table;
}

struct Optimizer : Section {
  double learning_rate = 1e-3;
  std::vector<double> betas = {0.9, 0.98};
  std::optional<double> clip;
  void describe(Fields& f) override {
    f.value("learning_rate", learning_rate, "Peak of the schedule.", {0, 10});
    f.value("betas", betas, "Of Adam.", {0, 1});
    f.value("clip", clip, "Largest gradient norm.", {0});
  }
};

struct Cleaner : Section {};
struct FineTune : Cleaner {
  std::int64_t epochs = 8;
  std::vector<Choice<Term>> objective{{terms, "mmcl"}};
  Optimizer optimizer;
  void describe(Fields& f) override {
    f.value("epochs", epochs, "Passes over the data.", {0, 1000});
    f.components("objective", objective, terms, "What is minimised.");
    f.section("optimizer", optimizer, "How.");
  }
};
struct Shrink : Cleaner {
  double factor = 0.5;
  void describe(Fields& f) override { f.value("factor", factor, "Of all weights.", {0, 1}); }
};
inline Table<Cleaner>& cleaners() {
  static Table<Cleaner> table("cleaner",
                              {entry<Cleaner, FineTune>("fine_tune", "Train on clean data."),
                               entry<Cleaner, Shrink>("shrink", "Shrink and perturb.")});
  return table;
}

struct Poison : Section {
  std::string target;
  std::int64_t count = 0;
  Choice<Trigger> trigger{triggers, "random_patch"};
  void describe(Fields& f) override {
    f.value("target", target, "The class that triggered images are sent to.", Need::kRequired);
    f.value("count", count, "Poisoned pairs.", {0, 1e6});
    f.component("trigger", trigger, "What is put into an image.");
  }
  void check(Problems& problems) const override {
    if (count > 0 && !trigger) problems.add("trigger", "poison needs a trigger; set count to 0");
    if (count == 13) problems.add("count", "13 brings bad luck");
  }
};

struct Train : Section {
  std::int64_t batch_size = 128;
  bool shuffle = true;
  std::string precision = "fp32";
  std::optional<std::int64_t> stop_after;
  Optimizer optimizer;
  void describe(Fields& f) override {
    f.value("batch_size", batch_size, "Pairs in a step.", {1, 1000000});
    f.value("shuffle", shuffle, "A new order in each epoch.");
    f.value("precision", precision, "Of the forward pass.");
    f.value("stop_after", stop_after, "Epochs after which to stop.", {1});
    f.section("optimizer", optimizer, "How the weights change.");
  }
};

struct Expectation : Section {
  std::string metric;
  std::optional<double> at_least;
  void describe(Fields& f) override {
    f.value("metric", metric, "What is measured.", Need::kRequired);
    f.value("at_least", at_least, "The smallest value that is good.");
  }
};

struct Experiment : Section {
  std::string name;
  std::int64_t seed = 1;
  std::vector<std::string> tags;
  std::vector<std::int64_t> gpus;
  Train train;
  std::optional<Poison> poison;
  std::vector<Choice<Cleaner>> clean;
  std::vector<Choice<Term>> objective{{terms, "mmcl"}};
  std::vector<std::pair<std::string, Choice<Trigger>>> more;
  std::vector<Expectation> expect;
  Choice<Trigger> held_out{triggers};
  void describe(Fields& f) override {
    f.value("name", name, "Name of the experiment's folder.", Need::kRequired);
    f.value("seed", seed, "Root of all random streams.");
    f.value("tags", tags, "Words to find it by.");
    f.value("gpus", gpus, "Devices.", {0, 63});
    f.section("train", train, "The training.");
    f.section("poison", poison, "The attack.");
    f.component_or_list("clean", clean, cleaners, "The defence.", "fine_tune");
    f.components("objective", objective, terms, "What is minimised.");
    f.named_components("more", more, triggers, "Further triggers.");
    f.sections("expect", expect, "What should come out.");
    f.component("held_out", held_out, "A trigger for evaluation only.");
  }
};

}  // namespace theriac::config::example
