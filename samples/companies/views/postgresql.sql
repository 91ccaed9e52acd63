-- What a company's database has, for PostgreSQL and PGlite: the tables of its ERP, and the three views that feeds read.
-- The tables have no primary keys, as old ERPs have not: duplicates and wrong parents are in them.

CREATE TABLE terceros (
  empresa           varchar(20)    NOT NULL,
  codigo            char(10)       NOT NULL,
  nit               varchar(20),
  dv                char(1),
  razon_social      varchar(120),
  telefono          varchar(30),
  direccion         varchar(120),
  ciudad            varchar(40),
  cupo_credito      numeric(18, 2),
  fecha_vinculacion timestamp,
  activo            char(1)        NOT NULL
);

CREATE TABLE sucursales (
  tercero        char(10)    NOT NULL,
  sucursal       char(3)     NOT NULL,
  nombre         varchar(80),
  canal          char(3),
  direccion      varchar(120),
  barrio         varchar(40),
  ciudad         varchar(40),
  departamento   varchar(40),
  telefono       varchar(30),
  correo         varchar(80),
  fecha_apertura date,
  activa         char(1)     NOT NULL
);

CREATE TABLE acuerdos (
  acuerdo       varchar(12)    NOT NULL,
  tercero       char(10),
  sucursal      char(3),
  descripcion   varchar(80),
  valor         numeric(18, 2),
  descuento     numeric(5, 2),
  desde         date,
  hasta         date,
  estado        char(1)        NOT NULL,
  observaciones text
);

CREATE VIEW terceros_view AS
  SELECT empresa, codigo, nit, dv, razon_social, telefono, direccion, ciudad, cupo_credito, fecha_vinculacion, activo
    FROM terceros;

CREATE VIEW sucursales_view AS
  SELECT tercero, sucursal, nombre, canal, direccion, barrio, ciudad, departamento, telefono, correo, fecha_apertura, activa
    FROM sucursales;

-- clave_sucursal: the key of the store, as the feed of stores makes it of its two columns
CREATE VIEW acuerdos_view AS
  SELECT acuerdo, tercero, CAST(trim(tercero) || '-' || sucursal AS varchar(14)) AS clave_sucursal, descripcion, valor, descuento, desde, hasta, estado,
         observaciones
    FROM acuerdos;
