-- What a company's database has, for SQL Server (2012 or later): the tables of its ERP, and the three views that feeds read.
-- The tables have no primary keys, as old ERPs have not: duplicates and wrong parents are in them.
-- The user whom the feeds log in as needs no more than: GRANT SELECT ON dbo.terceros_view, and so on for the other views.

CREATE TABLE dbo.terceros (
  empresa           nvarchar(20)   NOT NULL,
  codigo            nchar(10)      NOT NULL,
  nit               nvarchar(20)   NULL,
  dv                nchar(1)       NULL,
  razon_social      nvarchar(120)  NULL,
  telefono          nvarchar(30)   NULL,
  direccion         nvarchar(120)  NULL,
  ciudad            nvarchar(40)   NULL,
  cupo_credito      decimal(18, 2) NULL,
  fecha_vinculacion datetime2(3)   NULL,
  activo            nchar(1)       NOT NULL
);

CREATE TABLE dbo.sucursales (
  tercero        nchar(10)     NOT NULL,
  sucursal       nchar(3)      NOT NULL,
  nombre         nvarchar(80)  NULL,
  canal          nchar(3)      NULL,
  direccion      nvarchar(120) NULL,
  barrio         nvarchar(40)  NULL,
  ciudad         nvarchar(40)  NULL,
  departamento   nvarchar(40)  NULL,
  telefono       nvarchar(30)  NULL,
  correo         nvarchar(80)  NULL,
  fecha_apertura date          NULL,
  activa         nchar(1)      NOT NULL
);

CREATE TABLE dbo.acuerdos (
  acuerdo       nvarchar(12)   NOT NULL,
  tercero       nchar(10)      NULL,
  sucursal      nchar(3)       NULL,
  descripcion   nvarchar(80)   NULL,
  valor         decimal(18, 2) NULL,
  descuento     decimal(5, 2)  NULL,
  desde         date           NULL,
  hasta         date           NULL,
  estado        nchar(1)       NOT NULL,
  observaciones nvarchar(max)  NULL
);
GO

CREATE VIEW dbo.terceros_view AS
  SELECT empresa, codigo, nit, dv, razon_social, telefono, direccion, ciudad, cupo_credito, fecha_vinculacion, activo
    FROM dbo.terceros;
GO

CREATE VIEW dbo.sucursales_view AS
  SELECT tercero, sucursal, nombre, canal, direccion, barrio, ciudad, departamento, telefono, correo, fecha_apertura, activa
    FROM dbo.sucursales;
GO

-- clave_sucursal: the key of the store, as the feed of stores makes it of its two columns
CREATE VIEW dbo.acuerdos_view AS
  SELECT acuerdo, tercero, CAST(RTRIM(tercero) + N'-' + sucursal AS nvarchar(14)) AS clave_sucursal, descripcion, valor, descuento,
         desde, hasta, estado, observaciones
    FROM dbo.acuerdos;
GO
