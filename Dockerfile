# Three stages: compile, install for production, and what runs. The paths of RUN steps are relative to WORKDIR, so that
# scripts/image-steps.mjs can perform the same steps without Docker.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:20-bookworm AS install
WORKDIR /app
COPY package.json package-lock.json ./
# Not `--omit=dev`: the database library names its own tools as optional peers, so npm would keep 250 MB of them.
RUN npm pkg delete devDependencies optionalDependencies && npm ci --no-audit --no-fund
# Only needed to compile it.
RUN rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=install /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY words ./words
COPY programmes ./programmes
COPY prisma/migrations ./prisma/migrations
COPY adapters/web/client ./adapters/web/client
RUN install -d -o 10001 -g 10001 -m 0700 /data
VOLUME /data
USER 10001:10001
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "bin/healthcheck.js"]
ENTRYPOINT ["node", "bin/fadder.js"]
CMD ["serve"]
