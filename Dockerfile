# Groundswell: the engine and the wall in one image, run as an ordinary user. The .ts files run as they are; only the wall is built.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY schemas/package.json schemas/
COPY engine/package.json engine/
COPY engine/bin engine/bin
COPY dashboard/package.json dashboard/
COPY bench/package.json bench/
RUN npm ci --omit=dev --no-audit --no-fund

FROM packages AS wall
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY schemas schemas
COPY dashboard dashboard
RUN npm run build

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production GROUNDSWELL_DATA=/data GROUNDSWELL_LISTEN=0.0.0.0 GROUNDSWELL_HTTP=8080
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json LICENSE* ./
COPY schemas schemas
COPY engine engine
COPY rules rules
COPY --from=wall /app/dashboard/dist dashboard/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
# Health needs no token and says only whether every part works.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/api/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "engine/src/cli/main.ts"]
CMD ["start"]
