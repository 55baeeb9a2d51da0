# Theriac in a container: docker build --tag theriac .   (docs/cluster.md has Apptainer's commands, too)
# scripts/check_container.sh runs these lines in bare Debian roots, so only FROM, COPY, WORKDIR, RUN, ENTRYPOINT and CMD are used here.
FROM debian:12-slim AS build
WORKDIR /src/theriac
COPY . .
RUN scripts/setup.sh
RUN cmake --preset release -DTHERIAC_BUILD_TESTS=OFF
RUN cmake --build --preset release --parallel "$(nproc)"
RUN cmake --install build/release --component bundle --prefix /opt/theriac

FROM debian:12-slim
COPY --from=build /opt/theriac /opt/theriac
RUN ln -s /opt/theriac/bin/theriac /usr/local/bin/theriac && theriac doctor
WORKDIR /work
ENTRYPOINT ["theriac"]
CMD ["--help"]
