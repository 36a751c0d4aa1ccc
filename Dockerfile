# Built in one image, run in another that holds the program and nothing else:
# no shell, no package manager, and not as root.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t tickroom .

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/server ./cmd/server \
	&& mkdir /out/data /out/tmp

FROM scratch
WORKDIR /app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/server /app/server
# The default database is a SQLite file in data/. To keep it beyond the container:
# docker run -p 8080:8080 -v tickroom:/app/data tickroom
COPY --from=build --chown=65532:65532 /out/data /app/data
# SQLite wants somewhere for its temporary files.
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
ENV TICKROOM_LISTEN=:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s CMD ["/app/server", "-healthcheck"]
ENTRYPOINT ["/app/server"]
