#include "components.h"
#include "theriac/cli/run.h"

int main(int argc, char** argv) {
  theriac::objective::table().add(alignment());
  theriac::poison::table().add(frame());
  theriac::evaluate::table().add(modality_gap());
  return theriac::cli::run(argc, argv);
}
