#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/message.h"
#include "core/temporary.h"
#include "experiment/command.h"
#include "experiment/slurm_arrays.h"
#include "experiment/slurm_jobs.h"
#include "experiment/slurm_script.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"

namespace theriac::experiment {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

core::PlanFile two_chains() {
  core::PlanFile plan;
  plan.name = "two";
  const auto add = [&](const char* id, const char* parent) {
    plan.stages.push_back({id, "clean", parent, std::string("label of ") + id});
  };
  add("poison", "");
  add("a", "poison");
  add("a1", "a");
  add("a2", "a");
  add("b", "poison");
  add("b1", "b");
  add("alone", "");
  return plan;
}

std::vector<std::string> words(const std::vector<SlurmArray>& arrays) {
  std::vector<std::string> result;
  for (const auto& array : arrays) {
    std::string text = array.name + " <" + array.parent + ">";
    for (const auto& stage : array.stages) text += " " + stage;
    result.push_back(text);
  }
  return result;
}

TEST(SlurmArrays, OneOfTheReadyAndOneForEachParent) {
  EXPECT_THAT(words(slurm_arrays(two_chains(), {}, {}, 1000)),
              ElementsAre("ready <> poison alone", "after-poison <poison> a b", "after-a <a> a1 a2",
                          "after-b <b> b1"));
}

TEST(SlurmArrays, LeaveOutWhatIsDoneOrQueued) {
  EXPECT_THAT(words(slurm_arrays(two_chains(), {"poison", "a", "alone", "a1"}, {"b"}, 1000)),
              ElementsAre("ready <> a2", "after-b <b> b1"));
  EXPECT_THAT(slurm_arrays(two_chains(), {}, {"poison", "a", "a1", "a2", "b", "b1", "alone"}, 9),
              IsEmpty());
}

TEST(SlurmArrays, AreNoLargerThanAllowed) {
  EXPECT_THAT(words(slurm_arrays(two_chains(), {"poison"}, {"b", "b1"}, 1)),
              ElementsAre("ready <> a", "ready-2 <> alone", "after-a <a> a1", "after-a-2 <a> a2"));
}

TEST(SlurmJobs, QueueHoldsWhatCanStillRun) {
  const auto queue = parse_squeue(
      "12_0|RUNNING|None\n12_1|PENDING|Resources\n13_0|PENDING|DependencyNeverSatisfied\nslow\n");
  ASSERT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.at("12_1").reason, "Resources");
  EXPECT_EQ(queue.at("12_0").state, "RUNNING");
}

TEST(SlurmJobs, TableIsReadBackAndRefusedWhenBroken) {
  const theriac::testing::TemporaryFolder folder;
  EXPECT_THAT(read_slurm_jobs(folder.path()), IsEmpty());
  write_slurm_jobs(folder.path(), {{"clean-1", {"12", 3}}});
  const auto jobs = read_slurm_jobs(folder.path());
  EXPECT_EQ(jobs.at("clean-1").name(), "12_3");
  std::ofstream(folder.path() / "slurm" / "jobs.json") << R"({"version": 7})";
  EXPECT_THAT(theriac::testing::message([&] { read_slurm_jobs(folder.path()); }),
              HasSubstr("another version"));
  std::ofstream(folder.path() / "slurm" / "jobs.json") << R"({"version": 1, "jo)";
  EXPECT_THAT(theriac::testing::message([&] { read_slurm_jobs(folder.path()); }),
              HasSubstr("is broken"));
}

SlurmOptions good_options() {
  SlurmOptions options;
  options.partition = "gpu";
  options.file = "/e.yaml";
  return options;
}

std::string refusal(const std::function<void(SlurmOptions&)>& change) {
  auto options = good_options();
  change(options);
  return theriac::testing::message([&] { check_slurm_options(options); });
}

TEST(SlurmOptions, AreCheckedBeforeAnythingIsWritten) {
  EXPECT_EQ(refusal([](auto&) {}), "no error");
  for (const char* time : {"30", "10:00", "1:30:00", "1-0", "2-12:30", "0-0:20:0", "UNLIMITED"})
    EXPECT_EQ(refusal([&](auto& o) { o.time = time; }), "no error") << time;
  for (const char* time : {"soon", "1:2:3:4", "-5", "1-", "1.5"})
    EXPECT_THAT(refusal([&](auto& o) { o.time = time; }), HasSubstr("--time: expected")) << time;
  for (const char* time : {"9", "9:59", "0:9:0", "0-0:9"})
    EXPECT_THAT(refusal([&](auto& o) { o.time = time; }), HasSubstr("at least 10 minutes")) << time;
  for (const char* memory : {"32G", "500M", "4096", "0", "1t"})
    EXPECT_EQ(refusal([&](auto& o) { o.memory = memory; }), "no error") << memory;
  for (const char* memory : {"3X", "G", "lots", "-1G", "1.5G"})
    EXPECT_THAT(refusal([&](auto& o) { o.memory = memory; }), HasSubstr("--mem: expected"));
  EXPECT_THAT(refusal([](auto& o) { o.partition = ""; }), HasSubstr("--partition"));
  EXPECT_THAT(refusal([](auto& o) { o.account = "a\n#SBATCH --x"; }), HasSubstr("--account"));
  EXPECT_THAT(refusal([](auto& o) { o.raw = {"exclusive"}; }), HasSubstr("--sbatch"));
  EXPECT_THAT(refusal([](auto& o) { o.gpus = -1; }), HasSubstr("--gpus: expected a positive"));
}

std::string script_of(const SlurmOptions& options, std::vector<NearCopy> copies = {}) {
  const auto plan = two_chains();
  return slurm_script({plan, options, std::move(copies), "/opt/the riac", "/home/a b", "/r/50%"},
                      {"after-a", "a", {"a1", "a2"}});
}

TEST(SlurmScript, HoldsEveryOptionQuotedForItsReader) {
  auto options = good_options();
  options.sets = {"data.train.path=it's"};
  options.gpus = 2;
  options.cpus = 8;
  options.throttle = 3;
  options.memory = "64G";
  options.time = "8:00:00";
  options.raw = {"--exclusive"};
  options.set_up = {"module load cuda", "ulimit -n 4096"};
  const std::string script = script_of(options);
  for (const char* text :
       {"#SBATCH --partition=gpu\n", "#SBATCH --gres=gpu:2\n", "#SBATCH --cpus-per-task=8\n",
        "#SBATCH --array=0-1%3\n", "#SBATCH --mem=64G\n", "#SBATCH --time=8:00:00\n",
        "#SBATCH --exclusive\n", "#SBATCH --chdir=\"/home/a b\"\n",
        "#SBATCH --output=/r/50%%/%A_%a.log\n", "  a2 # label of a2\n",
        "theriac=('/opt/the riac' run /e.yaml --set 'data.train.path=it'\\''s' --runs runs "
        "--threads 8)\n",
        "  module load cuda &&\n  ulimit -n 4096\n"})
    EXPECT_THAT(script, HasSubstr(text));
  const std::string bare = script_of(good_options());
  for (const char* text : {"--gres", "--mem", "--time", "set_up", "near", "%3"})
    EXPECT_THAT(bare, Not(HasSubstr(text)));
}

TEST(SlurmScript, IsWhatBashReads) {
  const theriac::testing::TemporaryFolder folder;
  auto options = good_options();
  options.set_up = {"true"};
  core::write_file(folder.path() / "script.sh",
                   script_of(options, {{"data.train.path", "/d/it's", "a.csv", "/scratch/$USER"}}));
  const auto result = run_command({"bash", "-n", (folder.path() / "script.sh").string()});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->code, 0) << result->said;
}

Stage stage_with(const std::string& path) {
  Stage stage{Kind::kPretrain, "pretrain-1", "", {}, {}};
  auto document =
      config::Document::parse("data: {train: {type: csv, path: \"" + path + "\"}}", "t");
  const auto config = std::make_shared<ExperimentConfig>();
  config::problems(document, *config);
  stage.config = config;
  return stage;
}

TEST(NearCopies, TakeTheFolderOfAnIndexAndATarAsItIs) {
  const theriac::testing::TemporaryFolder folder;
  const std::string root = folder.path().string();
  std::filesystem::create_directories(folder.path() / "pairs");
  core::write_file(folder.path() / "pairs" / "train.csv", "image,caption\n");
  core::write_file(folder.path() / "one.tar", "");
  const auto copy = [&](const std::string& path) {
    const Stage stage = stage_with(path);
    return near_copies({"data.train.path=/scratch/$USER"}, {&stage}).front();
  };
  EXPECT_EQ(copy(root + "/pairs/train.csv").source, root + "/pairs");
  EXPECT_EQ(copy(root + "/pairs/train.csv").rest, "train.csv");
  EXPECT_THAT(copy(root + "/pairs/train.csv").folder, HasSubstr("/scratch/$USER/"));
  EXPECT_EQ(copy(root + "/pairs").source, root + "/pairs");
  EXPECT_EQ(copy(root + "/pairs").rest, "");
  EXPECT_EQ(copy(root + "/one.tar").source, root + "/one.tar");
  EXPECT_EQ(copy(root + "/pairs/{000..331}.tar").source, root + "/pairs");
  EXPECT_EQ(copy(root + "/pairs/{000..331}.tar").rest, "{000..331}.tar");
}

TEST(NearCopies, RefuseWhatIsNotOnePath) {
  const theriac::testing::TemporaryFolder folder;
  const Stage stage = stage_with("/nowhere/a.csv"), other = stage_with("/nowhere/b.csv");
  const auto refused = [&](const char* text, const std::vector<const Stage*>& stages) {
    return theriac::testing::message([&] { near_copies({text}, stages); });
  };
  EXPECT_THAT(refused("data.train.path", {&stage}), HasSubstr("expected KEY=FOLDER"));
  EXPECT_THAT(refused("data.tain.path=/s", {&stage}), HasSubstr("no path of this name"));
  EXPECT_THAT(refused("data.train.path=/s", {&stage, &other}), HasSubstr("differs between"));
  EXPECT_THAT(refused("data.train.path=/s", {&stage}), HasSubstr("/nowhere/a.csv is not there"));
}

TEST(Command, GivesCodeAndBothStreamsAndSaysWhenThereIsNone) {
  const auto result = run_command({"sh", "-c", "echo out; echo said >&2; exit 3"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->code, 3);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->said, "said");
  EXPECT_FALSE(run_command({"theriac-no-such-program"}));
}

}  // namespace
}  // namespace theriac::experiment
