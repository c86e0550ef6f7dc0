# One image for the pages and for the worker; see docker-compose.yml.
FROM node:22-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 heard && mkdir /data && chown heard /data
WORKDIR /heard
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY backend backend
COPY analysis analysis
COPY surveys surveys
COPY scripts scripts
COPY frontend frontend
COPY --from=frontend /build/frontend/node_modules frontend/node_modules
RUN python scripts/vendor.py && rm -rf frontend/node_modules \
    && pip install --no-cache-dir --no-deps --no-build-isolation -e .
USER heard
ENV HEARD_DATA=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
CMD ["heard", "serve", "--host", "0.0.0.0"]
